import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { pino } from 'pino';
import { createReport } from '../../src/service/report.ts';
import { type WaitOptions, waitUntilDone } from '../../src/service/wait-until-done.ts';
import { ShopError } from '../../src/shop-error.ts';
import { startFakeClock } from './fake-clock.ts';

const unavailable = new ShopError('unavailable', 'no broker answers', { canRetry: true });
const settling = new ShopError('settling', 'no leader yet', { canRetry: true });
const refused = new ShopError('refused', 'wrong word in line 3');

interface Line {
  msg: string;
  dependency?: string;
  what?: string;
  reason?: string;
  waited_ms?: number;
}

/** A wait whose attempts have these outcomes; the last one repeats. A number is an answer that takes so many ms. */
function startWait(t: TestContext, outcomes: (Error | number)[], options?: WaitOptions) {
  const clock = startFakeClock(t);
  t.mock.method(Math, 'random', () => 0);
  const lines: Line[] = [];
  const ending = new AbortController();
  const report = createReport();
  report.setState('ready');
  const attempts: number[] = [];
  const attempt = async () => {
    const outcome = outcomes[Math.min(attempts.length, outcomes.length - 1)];
    attempts.push(clock.now());
    if (outcome instanceof Error) throw outcome;
    if (outcome) await new Promise((resolve) => setTimeout(resolve, outcome));
    return 'answer';
  };
  const logger = pino({ level: 'debug' }, { write: (line: string) => void lines.push(JSON.parse(line)) });
  const waiting = waitUntilDone('Kafka', attempt, { logger, report, signal: ending.signal }, options);
  // Each test looks at it when it wants to.
  waiting.catch(() => {});
  return { clock, lines, ending, report, attempts, waiting };
}

test('logs once that it waits and once that it is over, and shows it as a state', async (t) => {
  const { clock, lines, report, waiting } = startWait(t, [unavailable, settling, unavailable, 0]);
  await clock.pass(10);
  assert.deepEqual(
    [report.snapshot().state, report.snapshot().waiting_for, report.snapshot().last_error?.message],
    ['waiting', ['Kafka'], 'no broker answers'],
  );
  await clock.pass(1_000);
  assert.equal(await waiting, 'answer');
  assert.deepEqual(
    lines.map(({ msg, dependency, reason, waited_ms }) => [msg, dependency, reason, waited_ms]),
    [
      ['waiting for a dependency', 'Kafka', 'no broker answers', undefined],
      ['the dependency is available', 'Kafka', undefined, 700],
    ],
  );
  assert.equal(report.snapshot().state, 'ready');
});

test('logs nothing when the first attempt works', async (t) => {
  const { lines, waiting } = startWait(t, [0]);
  assert.equal(await waiting, 'answer');
  assert.deepEqual(lines, []);
});

test('doubles the delay up to the longest', async (t) => {
  const { clock, attempts } = startWait(t, [unavailable], { firstDelayMs: 100, longestDelayMs: 500 });
  await clock.pass(2_000);
  assert.deepEqual(attempts, [0, 100, 300, 700, 1_200, 1_700]);
});

test('adds up to the delay itself by chance, so that many services do not retry at once', async (t) => {
  const { clock, attempts } = startWait(t, [unavailable], { firstDelayMs: 100, longestDelayMs: 500 });
  t.mock.method(Math, 'random', () => 0.5);
  await clock.pass(1_000);
  assert.deepEqual(attempts, [0, 150, 450, 950]);
});

test('throws at once an error that no retry can fix', async (t) => {
  const { lines, attempts, waiting } = startWait(t, [refused]);
  await assert.rejects(waiting, refused);
  assert.equal(attempts.length, 1);
  assert.deepEqual(lines, []);
});

test('asks the caller whether a retry can help', async (t) => {
  const { clock, attempts, waiting } = startWait(t, [refused, unavailable], { canRetry: (error) => error === refused });
  await clock.pass(1_000);
  await assert.rejects(waiting, unavailable);
  assert.equal(attempts.length, 2);
});

test('ends with the signal in the middle of a delay', async (t) => {
  const { clock, attempts, ending, report, waiting } = startWait(t, [unavailable], { firstDelayMs: 60_000 });
  await clock.pass(10);
  ending.abort(new Error('the end'));
  await assert.rejects(waiting, /the end/);
  assert.deepEqual(report.snapshot().waiting_for, []);
  assert.equal(attempts.length, 1);
});

test('shows an attempt that takes long as a wait', async (t) => {
  const { clock, lines, report, waiting } = startWait(t, [5_000], { slowAfterMs: 3_000 });
  await clock.pass(2_999);
  assert.deepEqual(lines, []);
  await clock.pass(1);
  assert.deepEqual(report.snapshot().waiting_for, ['Kafka']);
  await clock.pass(2_000);
  await waiting;
  assert.deepEqual(
    lines.map(({ msg, reason, waited_ms }) => [msg, reason, waited_ms]),
    [
      ['waiting for a dependency', 'no answer for 3000 ms', undefined],
      ['the dependency is available', undefined, 5_000],
    ],
  );
  assert.deepEqual(report.snapshot().waiting_for, []);
});

test('does not call a quick attempt slow later', async (t) => {
  const { clock, lines, waiting } = startWait(t, [2_000], { slowAfterMs: 3_000 });
  await clock.pass(10_000);
  await waiting;
  assert.deepEqual(lines, []);
});

const slowly = { firstDelayMs: 100, longestDelayMs: 100, refusedDelayMs: 10_000 };

test('retries slowly when the user must fix something, and logs each change of the reason', async (t) => {
  const outcomes = [unavailable, unavailable, settling, refused, refused, unavailable, 0];
  const { clock, lines, report, attempts, waiting } = startWait(t, outcomes, slowly);
  await clock.pass(1_000);
  assert.equal(report.snapshot().state, 'failed');
  await clock.pass(19_550);
  assert.equal(report.snapshot().state, 'waiting');
  await clock.pass(1_000);
  await waiting;
  assert.deepEqual(attempts, [0, 100, 200, 300, 10_400, 20_500, 20_600]);
  assert.deepEqual(
    lines.map(({ msg, what, reason }) => [msg, what, reason]),
    [
      ['waiting', 'Kafka', 'no broker answers'],
      ['waiting', 'Kafka', 'no leader yet'],
      ['this needs a fix, retrying slowly', 'Kafka', 'wrong word in line 3'],
      ['waiting', 'Kafka', 'no broker answers'],
      ['in place', 'Kafka', undefined],
    ],
  );
  assert.equal(report.snapshot().state, 'ready');
});

test('ends with the signal while the user must fix something', async (t) => {
  const { clock, ending, attempts, waiting } = startWait(t, [refused], slowly);
  await clock.pass(1_000);
  ending.abort(new Error('the end'));
  await assert.rejects(waiting, /the end/);
  assert.equal(attempts.length, 1);
});
