import assert from 'node:assert/strict';
import { test } from 'node:test';
import { pino } from 'pino';
import { type KeepOptions, keepDone } from '../../src/service/keep-done.ts';
import { createReport } from '../../src/service/report.ts';
import { ShopError } from '../../src/shop-error.ts';

const quick: KeepOptions = { intervalMs: 1, firstDelayMs: 1, longestDelayMs: 2, refusedDelayMs: 1 };
const away = new ShopError('away', 'nobody answers', { canRetry: true });
const refused = new ShopError('refused', 'wrong word in line 3');

/** A context whose log lines are kept, and an attempt that goes through these outcomes, staying at the last. */
function createStage(outcomes: (Error | undefined)[]) {
  const lines: { level: number; msg: string; reason?: string }[] = [];
  const ending = new AbortController();
  const report = createReport();
  const closers: (() => unknown)[] = [];
  const failures: unknown[] = [];
  let tries = 0;
  let seenTries = (_: number) => {};
  return {
    lines,
    report,
    failures,
    ending,
    tried: (times: number) =>
      new Promise<void>((resolve) => {
        seenTries = (count) => count >= times && resolve();
      }),
    async end() {
      ending.abort(new Error('the end'));
      for (const close of closers) await close();
    },
    context: {
      logger: pino({ level: 'info' }, { write: (line: string) => lines.push(JSON.parse(line)) }),
      report,
      signal: ending.signal,
      onClose: (close: () => unknown) => closers.push(close),
      fail: (error: unknown) => failures.push(error),
    },
    async attempt() {
      const outcome = outcomes[Math.min(tries, outcomes.length - 1)];
      tries += 1;
      seenTries(tries);
      if (outcome) throw outcome;
    },
  };
}

test('resolves when it is in place for the first time, and logs each change once', async () => {
  const stage = createStage([away, away, away, refused, refused, undefined]);
  await keepDone('ksqlDB', stage.attempt, stage.context, quick);
  assert.deepEqual(
    stage.lines.map(({ msg, reason }) => [msg, reason]),
    [
      ['waiting', 'nobody answers'],
      ['this needs a fix, retrying slowly', 'wrong word in line 3'],
      ['in place', undefined],
    ],
  );
  await stage.end();
  assert.deepEqual(stage.failures, []);
});

test('keeps checking: when the dependency is lost later, the service waits until it is available again', async () => {
  const stage = createStage([undefined, undefined, away]);
  await keepDone('ksqlDB', stage.attempt, stage.context, quick);
  stage.report.setState('ready');
  await stage.tried(4);
  assert.equal(stage.report.snapshot().state, 'waiting');
  assert.deepEqual(stage.report.snapshot().waiting_for, ['ksqlDB']);
  await stage.end();
});

test('a refusal shows as failed, and ends when the user has fixed it', async () => {
  const stage = createStage([undefined, refused, refused, refused, undefined]);
  await keepDone('ksqlDB', stage.attempt, stage.context, quick);
  stage.report.setState('ready');
  await stage.tried(4);
  assert.equal(stage.report.snapshot().state, 'failed');
  await stage.tried(6);
  assert.equal(stage.report.snapshot().state, 'ready');
  assert.deepEqual(stage.report.snapshot().waiting_for, []);
  await stage.end();
});

test('rejects when the end comes first, and stops trying', async () => {
  const stage = createStage([away]);
  const standing = keepDone('ksqlDB', stage.attempt, stage.context, quick);
  await stage.tried(2);
  await stage.end();
  await assert.rejects(standing, /the end/);
});

test('rejects when the end came before', async () => {
  const stage = createStage([undefined]);
  await stage.end();
  await assert.rejects(keepDone('ksqlDB', stage.attempt, stage.context, quick), /the end/);
});
