import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createPatience } from '../src/patience.ts';
import { until, untilPasses } from '../src/until.ts';

function createTimed(ms: number, slowness: number) {
  let time = 0;
  const patience = createPatience(ms, { now: () => time, slowness: () => slowness });
  /** @returns the seconds after which the limit is over */
  return {
    patience,
    secondsLeft(): number {
      for (let seconds = 1; ; seconds++) {
        time += 1_000;
        if (patience.isOver()) return seconds;
      }
    },
    jump(seconds: number) {
      time += seconds * 1_000;
    },
  };
}

test('a machine that is fifteen times slower gets fifteen times the limit', () => {
  assert.equal(createTimed(60_000, 1).secondsLeft(), 61);
  assert.equal(createTimed(60_000, 15).secondsLeft(), 901);
});

test('a suspension of the waiting process counts as one step, and a restart resets the limit', () => {
  const { patience, secondsLeft, jump } = createTimed(60_000, 1);
  jump(3_600);
  assert.equal(patience.isOver(), false);
  assert.equal(secondsLeft(), 60);
  patience.restart();
  assert.equal(secondsLeft(), 61);
});

test('until repeats the question after errors, and names the last one when the limit is over', async () => {
  let asked = 0;
  const answer = await until('the answer', () => {
    asked += 1;
    if (asked === 1) throw new Error('not yet');
    return asked === 3 ? 'here' : undefined;
  });
  assert.equal(answer, 'here');
  await assert.rejects(
    until('the answer', () => Promise.reject(new Error('no broker')), { patienceMs: 1 }),
    /^Error: timed out after \d+ s waiting for the answer: no broker$/,
  );
});

test('until ends on its signal', async () => {
  const ending = new AbortController();
  ending.abort(new Error('the test is over'));
  await assert.rejects(
    until('the answer', () => undefined, { signal: ending.signal }),
    /the test is over/,
  );
});

test('untilPasses repeats assertions, and has the last failure as its cause', async () => {
  let attempts = 0;
  const result = await untilPasses('the third attempt', () => {
    attempts += 1;
    assert.equal(attempts, 3);
  });
  assert.deepEqual([attempts, result], [3, undefined]);
  const failure = new Error('two rows, expected three');
  await assert.rejects(
    untilPasses('three rows', () => Promise.reject(failure), { patienceMs: 1 }),
    { cause: failure },
  );
});
