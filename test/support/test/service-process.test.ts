import assert from 'node:assert/strict';
import path from 'node:path';
import { type TestContext, test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { makeTestFolder } from '../src/data-folder.ts';
import { runServiceProcess } from '../src/service-process.ts';

/** Runs a program that logs these messages, then runs this script. */
function runProgram(t: TestContext, messages: readonly string[], script: string) {
  const log = `for (const msg of ${JSON.stringify(messages)}) console.log(JSON.stringify({ level: 'info', msg }));`;
  const folder = makeTestFolder(t, { 'main.mjs': `${log}\n${script}` });
  return runServiceProcess(t, pathToFileURL(path.join(folder, 'main.mjs')));
}

const stayUp = 'setInterval(() => {}, 1_000);';

test('said finds a line by message or text, from a given line', async (t) => {
  const program = runProgram(t, ['waiting', 'ready', 'waiting'], `console.log('no JSON'); ${stayUp}`);
  assert.deepEqual(await program.said('ready'), { level: 'info', msg: 'ready' });
  assert.deepEqual(await program.said(/no JS/), { level: '', msg: 'no JSON' });
  assert.equal(await program.said('waiting', 1), program.lines[2]);
  assert.equal(await program.end('SIGKILL'), null);
});

test('said fails with the log when the program ends without the line', async (t) => {
  const program = runProgram(t, ['waiting', 'already there'], 'process.exitCode = 3;');
  await assert.rejects(program.said('ready'), /ended without the line ready:\n.*"waiting"/);
  assert.equal((await program.said('already there')).msg, 'already there');
  assert.equal(await program.ended, 3);
});

test('end sends SIGTERM and returns the exit code', async (t) => {
  const program = runProgram(t, [], `process.on('SIGTERM', () => process.exit(7)); ${stayUp} console.log('up');`);
  await program.said('up');
  assert.equal(await program.end(), 7);
});
