import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { type TestContext, test } from 'node:test';
import { makeTestFolder } from '@shop/test-support';
import { runTestRunner } from './run-test-runner.ts';

function writeTests(t: TestContext, text: string): string {
  const folder = makeTestFolder(t);
  const file = path.join(folder, 'some.test.mjs');
  writeFileSync(file, `import { test } from 'node:test';\n${text}`);
  return file;
}

const run = (file: string, silenceMs: number) =>
  runTestRunner(['--test', '--test-reporter=tap', file], { NODE_TEST_CONTEXT: undefined }, silenceMs);

test('a run that prints is not ended, also when it takes longer than the limit of silence', async (t) => {
  const file = writeTests(
    t,
    `for (let n = 1; n <= 8; n++)
       test('step ' + n, () => new Promise((resolve) => setTimeout(resolve, 1_000)));`,
  );
  assert.equal(await run(file, 5_000), 0);
});

test('a run that hangs is ended and fails', async (t) => {
  const file = writeTests(t, `test('hangs', () => new Promise((resolve) => setTimeout(resolve, 3_600_000)));`);
  assert.equal(await run(file, 2_000), 1);
});
