import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { checkout, checkoutFiles } from './checkout-files.ts';

/** The settings of all services are checked together. */
const exceptions = ['test/settings/services.ts'];

/** The test helpers are a separate workspace; every other one is a folder of the checkout. */
const roomOf = (file: string): string => /^test\/support(?=\/)|^[^/]+/.exec(file)?.[0] ?? '';

test('tests import other workspaces by their packages, and helpers from @shop/test-support', () => {
  const wrong = listTestFiles().flatMap((file) =>
    [...readFileSync(path.join(checkout, file), 'utf8').matchAll(/\bfrom '(\.[^']*)'/g)]
      .map(([, target = '']) => path.posix.join(path.posix.dirname(file), target))
      .filter((target) => roomOf(target) !== roomOf(file))
      .map((target) => `${file} imports ${target}`),
  );
  assert.deepEqual(wrong, []);
});

function listTestFiles(): string[] {
  const files = checkoutFiles.filter((file) => /(^|\/)(test|bench)\/.*\.ts$/.test(file) && !exceptions.includes(file));
  assert.ok(files.length > 200, `${files.length} test files`);
  return files;
}
