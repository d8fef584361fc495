import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { test } from 'node:test';
import { until } from '@shop/test-support';
import { readCpuTime, readGroupCpuMs } from '../../src/os/identity.ts';
import { watchProgress } from '../../src/os/progress.ts';

/** A process with a clock, CPU time and output that the test sets. */
function createWatched() {
  const state = { now: 0, cpuMs: 0, written: 0 };
  const progress = watchProgress({ pid: 1 }, () => state.written, {
    readCpuMs: () => state.cpuMs,
    now: () => state.now,
  });
  return {
    /** Advances the clock. @returns how long the process was quiet */
    pass(seconds: number, { cpuMs = 0, written = 0 } = {}): number {
      for (let second = 0; second < seconds; second++) {
        state.now += 1_000;
        state.cpuMs += cpuMs / seconds;
        state.written += written / seconds;
        progress.quietMs();
      }
      return progress.quietMs();
    },
    progress,
    state,
  };
}

test('a process that prints makes progress', () => {
  const { pass } = createWatched();
  assert.equal(pass(60), 60_000);
  assert.equal(pass(1, { written: 10 }), 0);
  assert.equal(pass(5), 5_000);
});

test('a process that gets a fiftieth of a core makes progress, an idle JVM does not', () => {
  const { pass } = createWatched();
  assert.ok(pass(600, { cpuMs: 12_000 }) < 30_000, 'starved');
  assert.equal(pass(1, { cpuMs: 1_000 }), 0);
  assert.equal(pass(60, { cpuMs: 300 }), 60_000, 'idle');
});

test('the time of a suspended machine does not count', () => {
  const { progress, state } = createWatched();
  state.now += 3_600_000;
  assert.equal(progress.quietMs(), 2_000);
});

test("a group's CPU time can fall when one of its processes ends", () => {
  const { pass, state } = createWatched();
  pass(1, { cpuMs: 90_000 });
  state.cpuMs = 1_000;
  assert.equal(pass(10), 10_000);
  assert.equal(pass(1, { cpuMs: 600 }), 0);
});

test('the CPU time of a real group is read', async (t) => {
  const child = spawn(process.execPath, ['-e', 'console.log(1); for (;;);'], {
    detached: true,
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  t.after(() => child.kill('SIGKILL'));
  await once(child.stdout, 'data');
  const before = readGroupCpuMs(child.pid ?? 0);
  await until('100 ms of CPU time', () => readGroupCpuMs(child.pid ?? 0) >= before + 100);
});

test('reads CPU times in the format of ps', () => {
  assert.equal(readCpuTime('1:02.30'), 62_300);
  assert.equal(readCpuTime('02:03:04'), 7_384_000);
  assert.equal(readCpuTime('1-02:03:04'), 93_784_000);
});
