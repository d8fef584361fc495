import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { type TestContext, test } from 'node:test';
import { until } from '@shop/test-support';
import { listGroup } from '../../src/os/identity.ts';
import { openProcessLog } from '../../src/os/process-log.ts';
import { startProcess } from '../../src/os/start-process.ts';

function createHost(t: TestContext) {
  const folder = mkdtempSync(path.join(tmpdir(), 'process-'));
  const log = openProcessLog(folder, 'program');
  t.after(async () => {
    await log.close();
    rmSync(folder, { recursive: true });
  });
  return { name: 'program', log, file: path.join(folder, 'program.log') };
}

function startScript(t: TestContext, script: string, graceMs = 5_000) {
  const host = createHost(t);
  const running = startProcess({
    command: 'sh',
    args: ['-c', script],
    cwd: tmpdir(),
    env: { PATH: process.env['PATH'] },
    ending: { signal: 'SIGTERM', graceMs },
    host,
  });
  return { host, running };
}

test('stops on a signal, and reports it', async (t) => {
  const { host, running } = startScript(t, 'trap "echo bye; exit 3" TERM; echo up; while :; do sleep 0.05; done');
  await until('a line in the log', () => host.log.lastLines(1).length > 0);
  assert.equal(await running.stop(), true);
  assert.deepEqual(await running.ended, { code: 3, text: 'code 3' });
  assert.deepEqual(host.log.lastLines(5), ['up', 'bye']);
  await host.log.close();
  assert.equal(readFileSync(host.file, 'utf8'), 'up\nbye\n');
});

test('kills a process that ignores the signal, with its children', async (t) => {
  const { host, running } = startScript(t, 'trap "" TERM; sleep 300 & echo up; while :; do sleep 0.05; done', 200);
  await until('a line in the log', () => host.log.lastLines(1).length > 0);
  assert.equal(await running.stop(), false);
  assert.deepEqual(listGroup(running.pid), []);
  assert.equal((await running.ended).text, 'SIGKILL');
});

test('waits longer than the grace time while the process makes progress, and does not kill it', async (t) => {
  const { host, running } = startScript(
    t,
    'trap "for n in 1 2 3 4 5; do echo closing; sleep 0.4; done; exit 0" TERM; echo up; while :; do sleep 0.05; done',
    700,
  );
  await until('a line in the log', () => host.log.lastLines(1).length > 0);
  assert.equal(await running.stop(), true);
  assert.equal((await running.ended).code, 0);
});

test('reports that it ended by itself', async (t) => {
  const { running } = startScript(t, 'echo broken >&2; exit 7');
  assert.deepEqual(await running.ended, { code: 7, text: 'code 7' });
});

test('an error names a command that does not exist', (t) => {
  const host = createHost(t);
  assert.throws(
    () =>
      startProcess({
        command: '/none/such',
        args: [],
        cwd: tmpdir(),
        env: {},
        ending: { signal: 'SIGTERM', graceMs: 0 },
        host,
      }),
    /\/none\/such/,
  );
});
