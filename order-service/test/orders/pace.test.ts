import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createPace } from '../../src/orders/pace.ts';

/** Takes what is due at each of these instants. */
function takeAt(perSecond: number, instants: number[], most = 1_000) {
  const pace = createPace(perSecond);
  pace.restart(0);
  return instants.map((now) => pace.take(now, most).due);
}

test('at five a second one order comes every 200 ms', () => {
  assert.deepEqual(takeAt(5, [0, 100, 199, 200, 350, 400, 601]), [1, 0, 0, 1, 0, 1, 1]);
});

test('keeps a rate below one a second', () => {
  assert.deepEqual(takeAt(0.1, [0, 9_999, 10_000, 19_000, 20_000]), [1, 0, 1, 0, 1]);
});

for (const perSecond of [0.3, 1, 3, 7, 999, 50_000]) {
  test(`at ${perSecond} a second the rate does not drift, however irregular the calls are`, () => {
    const pace = createPace(perSecond);
    pace.restart(17);
    let now = 17;
    let sum = 0;
    for (let turn = 0; now < 100_017; turn += 1) {
      const { due, skipped } = pace.take(now, 100_000);
      assert.equal(skipped, 0);
      sum += due;
      now += Math.max(pace.untilNext(now), (turn * 7) % 31);
    }
    const expected = perSecond * 100;
    assert.ok(Math.abs(sum - expected) <= Math.max(1, perSecond * 0.031), `${sum} instead of ${expected}`);
  });
}

test('the returned wait ends exactly when an order is due', () => {
  const pace = createPace(3);
  pace.restart(0);
  for (let now = 0, turn = 0; turn < 1_000; turn += 1) {
    const { due } = pace.take(now, 10);
    assert.ok(due <= 1);
    now += pace.untilNext(now);
  }
});

test('orders that exceed a batch stay due', () => {
  assert.deepEqual(takeAt(1_000, [0, 500, 500, 500], 200), [1, 200, 200, 100]);
});

test('after a pause, one second of orders is sent late; the rest is skipped and counted', () => {
  const pace = createPace(100);
  pace.restart(0);
  pace.take(0, 1_000);
  assert.deepEqual(pace.take(60_000, 1_000), { due: 100, skipped: 5_900 });
  assert.deepEqual(pace.take(60_000, 1_000), { due: 0, skipped: 0 });
  assert.deepEqual(pace.take(60_010, 1_000), { due: 1, skipped: 0 });
});

test('after a restart no earlier orders are due', () => {
  const pace = createPace(5);
  pace.restart(0);
  pace.restart(60_000);
  assert.deepEqual(pace.take(60_000, 1_000), { due: 1, skipped: 0 });
});

test('a changed rate counts from the change, and no order is due at once', () => {
  const pace = createPace(0.001);
  pace.restart(0);
  assert.equal(pace.take(0, 1_000).due, 1);
  pace.changeRate(10, 5_000);
  assert.deepEqual([pace.take(5_000, 1_000).due, pace.untilNext(5_000)], [0, 100]);
  assert.deepEqual(pace.take(6_000, 1_000), { due: 10, skipped: 0 });
  pace.changeRate(0.001, 6_000);
  assert.equal(pace.untilNext(6_000), 1_000_000);
});
