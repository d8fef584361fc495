import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { type TestContext, test } from 'node:test';
import { openProcessLog } from '../../src/os/process-log.ts';
import { startProcess } from '../../src/os/start-process.ts';
import { ProcessError, waitUntilUp } from '../../src/processes/wait-until-up.ts';

function startScript(t: TestContext, script: string) {
  const folder = mkdtempSync(path.join(tmpdir(), 'process-'));
  const log = openProcessLog(folder, 'program');
  const said: string[] = [];
  const host = { name: 'program', log, say: (text: string) => said.push(text) };
  const running = startProcess({
    command: 'sh',
    args: ['-c', script],
    cwd: folder,
    env: { PATH: process.env['PATH'] },
    ending: { signal: 'SIGTERM', graceMs: 5_000 },
    host,
  });
  t.after(async () => {
    await running.kill();
    await log.close();
    rmSync(folder, { recursive: true });
  });
  return { host, running, said };
}

const never = async () => {
  throw new Error('no broker has registered yet');
};

test('waits longer than the limit while the process prints, and reports why it waits', async (t) => {
  const { host, running, said } = startScript(t, 'while :; do echo loading; sleep 0.1; done');
  const began = Date.now();
  await waitUntilUp(host, running, {
    quietMs: 600,
    tellEveryMs: 500,
    async check() {
      if (Date.now() - began < 2_000) throw new Error('no broker has registered yet');
    },
  });
  assert.match(said[0] ?? '', /^program is not up after \d+ s: no broker has registered yet$/);
});

test('a process without progress is killed, and the error gives that reason', async (t) => {
  const { host, running } = startScript(t, 'echo stuck; exec sleep 300');
  await assert.rejects(waitUntilUp(host, running, { quietMs: 600, check: never }), (error: unknown) => {
    assert.ok(error instanceof ProcessError);
    assert.match(
      error.message,
      /^program made no progress for 0\.6 s and was killed \(no broker has registered yet\); .*\n {4}stuck$/,
    );
    return true;
  });
  assert.equal((await running.ended).text, 'SIGKILL');
});

test('the error about a process that ends first shows its exit', async (t) => {
  const { host, running } = startScript(t, 'echo broken; exit 3');
  await assert.rejects(waitUntilUp(host, running, { check: never }), /program ended with code 3; /);
});
