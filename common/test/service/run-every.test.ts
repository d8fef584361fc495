import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { createReport, runEvery } from '../../src/index.ts';

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

/** Lets rounds run and gives when each started, in ms after the first. */
function collectStarts(context: ReturnType<typeof createEnding>, rounds: number, intervalMs: number, tookMs: number[]) {
  const starts: number[] = [];
  let running = 0;
  const done = new Promise<void>((resolve) => {
    runEvery(
      intervalMs,
      async () => {
        running += 1;
        assert.equal(running, 1, 'two rounds at once');
        starts.push(performance.now());
        await delay(tookMs[starts.length - 1] ?? 0);
        running -= 1;
        if (starts.length === rounds) resolve();
      },
      context,
    );
  });
  return done.then(() => starts.map((start) => start - (starts[0] ?? 0)));
}

test('the interval is from start to start, whatever a round takes', async () => {
  const context = createEnding();
  const [, , third = 0] = await collectStarts(context, 3, 400, [300, 300]);
  await context.end();
  // Were the rounds' own time added, the third one could not start before 1,400 ms.
  assert.ok(third >= 795 && third < 1_400, `the third round started after ${third} ms`);
});

test('starts that a slow round runs into are skipped and counted, never made up for', async () => {
  const context = createEnding();
  const [, second = 0, third = 0] = await collectStarts(context, 3, 100, [250]);
  await context.end();
  assert.ok(second >= 295, `the second round started after ${second} ms`);
  assert.ok(Math.floor((third + 5) / 100) > Math.floor((second + 5) / 100), 'two rounds in one interval');
  assert.ok(Number(skippedIn(context)) >= 2, `skipped: ${skippedIn(context)}`);
});

test('the end waits for the round that runs, and starts no other', async () => {
  const context = createEnding();
  let finished = 0;
  let release = () => {};
  const started = new Promise<void>((resolve) => {
    runEvery(
      5,
      async () => {
        resolve();
        await new Promise<void>((free) => {
          release = free;
        });
        finished += 1;
      },
      context,
    );
  });
  await started;
  const ended = context.end();
  release();
  await ended;
  assert.equal(finished, 1);
});

test('a round that throws ends the service', async () => {
  const context = createEnding();
  const failure = await new Promise((fail) => {
    runEvery(5, () => Promise.reject(new Error('broken')), { ...context, fail });
  });
  assert.equal(String(failure), 'Error: broken');
  await context.end();
});

test('what goes wrong while the service ends is told to whoever closes it', async () => {
  const context = createEnding();
  runEvery(5, () => Promise.reject(new Error('broken')), context);
  await assert.rejects(context.end(), /broken/);
});

test('a round that the end itself breaks off is no failure', async () => {
  const context = createEnding();
  runEvery(
    5,
    () => new Promise((_, reject) => context.signal.addEventListener('abort', () => reject(context.signal.reason))),
    context,
  );
  await context.end();
  assert.deepEqual(context.failures, []);
});
