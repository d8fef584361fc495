import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createReport, runEvery, runWithPauses } from '../../src/index.ts';
import { type FakeClock, startFakeClock } from './fake-clock.ts';

function createEnding() {
  const ending = new AbortController();
  const report = createReport();
  const closers: (() => unknown)[] = [];
  const failures: unknown[] = [];
  return {
    report,
    failures,
    signal: ending.signal,
    onClose: (close: () => unknown) => closers.push(close),
    fail: (error: unknown) => failures.push(error),
    async end() {
      ending.abort(new Error('the service is stopping'));
      for (const close of closers) await close();
    },
  };
}

const skippedIn = ({ report }: ReturnType<typeof createEnding>) => report.snapshot().counters['rounds_skipped'];

/** Rounds that take so many ms, the last one repeats; `starts` is when each started. */
function createRounds(clock: FakeClock, tookMs: number[]) {
  const starts: number[] = [];
  let running = 0;
  return {
    starts,
    async round() {
      running += 1;
      assert.equal(running, 1, 'two rounds at once');
      starts.push(clock.now());
      const ms = tookMs[Math.min(starts.length, tookMs.length) - 1] ?? 0;
      await new Promise((resolve) => setTimeout(resolve, ms));
      running -= 1;
    },
  };
}

const roundedStarts = (starts: number[]) => starts.map((ms) => Math.round(ms / 10) * 10);

test('the interval is from start to start, however long a round takes', async (t) => {
  const clock = startFakeClock(t);
  const context = createEnding();
  const { starts, round } = createRounds(clock, [300]);
  runEvery(400, round, context);
  await clock.pass(1_300);
  assert.deepEqual(roundedStarts(starts), [0, 400, 800, 1_200]);
  assert.equal(skippedIn(context), 0);
});

test('starts that a slow round runs into are skipped and counted, never made up for', async (t) => {
  const clock = startFakeClock(t);
  const context = createEnding();
  const { starts, round } = createRounds(clock, [250, 10]);
  runEvery(100, round, context);
  await clock.pass(550);
  assert.deepEqual(roundedStarts(starts), [0, 300, 400, 500]);
  assert.equal(skippedIn(context), 2);
});

test('a changed interval counts from the change, for the next round too', async (t) => {
  const clock = startFakeClock(t);
  const context = createEnding();
  const { starts, round } = createRounds(clock, [10]);
  const rounds = runEvery(60_000, round, context);
  await clock.pass(500);
  rounds.changeInterval(100);
  await clock.pass(250);
  rounds.changeInterval(1_000);
  await clock.pass(1_500);
  assert.deepEqual(roundedStarts(starts), [0, 600, 700, 1_750]);
  assert.equal(skippedIn(context), 0);
  await context.end();
});

test('an interval that changes during a round starts no second round beside it', async (t) => {
  const clock = startFakeClock(t);
  const context = createEnding();
  const { starts, round } = createRounds(clock, [300, 10]);
  const rounds = runEvery(1_000, round, context);
  await clock.pass(100);
  rounds.changeInterval(250);
  await clock.pass(550);
  assert.deepEqual(roundedStarts(starts), [0, 350, 600]);
  await context.end();
});

test('a pause follows each round, however long it took', async (t) => {
  const clock = startFakeClock(t);
  const { starts, round } = createRounds(clock, [300, 50]);
  runWithPauses(100, round, createEnding());
  await clock.pass(600);
  assert.deepEqual(roundedStarts(starts), [0, 400, 550]);
});

test('the first round waits for its own pause', async (t) => {
  const clock = startFakeClock(t);
  const { starts, round } = createRounds(clock, [10]);
  runWithPauses(100, round, createEnding(), 500);
  await clock.pass(620);
  assert.deepEqual(roundedStarts(starts), [500, 610]);
});

test('the end waits for the round that runs, and starts no other', async (t) => {
  const clock = startFakeClock(t);
  const context = createEnding();
  const { starts, round } = createRounds(clock, [1_000]);
  runEvery(5, round, context);
  await clock.pass(10);
  let ended = false;
  const ending = context.end().then(() => {
    ended = true;
  });
  await clock.pass(900);
  assert.equal(ended, false);
  await clock.pass(100);
  await ending;
  await clock.pass(100);
  assert.equal(starts.length, 1);
});

test('the end does not wait for the pause between two rounds', async (t) => {
  const clock = startFakeClock(t);
  const context = createEnding();
  const { starts, round } = createRounds(clock, [10]);
  runWithPauses(60_000, round, context);
  await clock.pass(100);
  await context.end();
  assert.equal(starts.length, 1);
});

test('a round that throws ends the service', async () => {
  const context = createEnding();
  const failure = await new Promise((fail) => {
    runEvery(5, () => Promise.reject(new Error('broken')), { ...context, fail });
  });
  assert.equal(String(failure), 'Error: broken');
  await context.end();
});

test('an error after the end has begun reaches the closer', async (t) => {
  const clock = startFakeClock(t);
  const context = createEnding();
  let fail = (_: Error) => {};
  const failing = new Promise<void>((_, reject) => {
    fail = reject;
  });
  runEvery(5, () => failing, context);
  await clock.pass(10);
  const ending = context.end();
  fail(new Error('broken'));
  await assert.rejects(ending, /broken/);
  assert.deepEqual(context.failures, []);
});

test('a round that the end itself breaks off is no failure', async (t) => {
  const clock = startFakeClock(t);
  const context = createEnding();
  runEvery(
    5,
    () => new Promise((_, reject) => context.signal.addEventListener('abort', () => reject(context.signal.reason))),
    context,
  );
  await clock.pass(10);
  await context.end();
  assert.deepEqual(context.failures, []);
});
