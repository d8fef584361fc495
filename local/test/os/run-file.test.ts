import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { type TestContext, test } from 'node:test';
import { makeTestFolder } from '@shop/test-support';
import { identify, isRunning, listGroup, type ProcessIdentity } from '../../src/os/identity.ts';
import { openRunFiles } from '../../src/os/run-file.ts';

const gone = { pid: 2 ** 22 - 3, began: 'never' };

/** Starts a sleeping process group: a leader and a child. */
async function startSleeper(t: TestContext): Promise<ProcessIdentity> {
  const child = spawn('sh', ['-c', 'sleep 300 & echo up; wait'], {
    detached: true,
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  await once(child.stdout, 'data');
  const identity = identify(child.pid ?? 0);
  assert.ok(identity);
  t.after(() => {
    if (listGroup(identity.pid).length > 0) process.kill(-identity.pid, 'SIGKILL');
  });
  return identity;
}

function writeRunFile(folder: string, name: string, leader: ProcessIdentity, owner: ProcessIdentity): void {
  const content = { name, process: leader, owner, ending: { signal: 'SIGTERM', graceMs: 5_000 } };
  writeFileSync(path.join(folder, `${name}.json`), JSON.stringify(content));
}

test('ends the whole process group that a killed start left behind', async (t) => {
  const folder = makeTestFolder(t);
  const left = await startSleeper(t);
  assert.equal(listGroup(left.pid).length, 2);
  writeRunFile(folder, 'kafka', left, gone);
  assert.deepEqual(await openRunFiles(folder).endLeftovers(), ['kafka']);
  assert.equal(isRunning(left), false);
  assert.deepEqual(listGroup(left.pid), []);
  assert.deepEqual(readdirSync(folder), []);
});

test('never ends another process with the same id', async (t) => {
  const folder = makeTestFolder(t);
  const stranger = await startSleeper(t);
  writeRunFile(folder, 'kafka', { ...stranger, began: 'at another time' }, gone);
  assert.deepEqual(await openRunFiles(folder).endLeftovers(), []);
  assert.equal(isRunning(stranger), true);
});

test('does not end the processes of a running start, and names them', async (t) => {
  const folder = makeTestFolder(t);
  const sleeper = await startSleeper(t);
  const owner = await startSleeper(t);
  writeRunFile(folder, 'kafka', sleeper, owner);
  const runFiles = openRunFiles(folder);
  assert.deepEqual(runFiles.runningElsewhere(), [{ name: 'kafka', ownerPid: owner.pid }]);
  assert.deepEqual(await runFiles.endLeftovers(), []);
  assert.equal(isRunning(sleeper), true);
});

test('ignores a truncated file', async (t) => {
  const folder = makeTestFolder(t);
  writeFileSync(path.join(folder, 'kafka.json'), '{"name":"ka');
  assert.deepEqual(await openRunFiles(folder).endLeftovers(), []);
  assert.deepEqual(readdirSync(folder), []);
});

test('an identity belongs to a single process', async (t) => {
  const one = await startSleeper(t);
  const other = await startSleeper(t);
  assert.equal(isRunning(one), true);
  assert.equal(isRunning({ pid: one.pid, began: other.began === one.began ? 'x' : other.began }), false);
  assert.equal(identify(gone.pid), undefined);
});
