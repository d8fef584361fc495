import assert from 'node:assert/strict';
import test from 'node:test';
import { createLagWatch } from '../../src/pipeline/lag-watch.ts';

const stuckMs = 1_000;
const position = (committed: number, end: number) => ({
  group: 'shipping-service',
  topic: 'customer_orders',
  partition: 0,
  committed,
  end,
});

test('a consumer that gets on, or has read all, passes', () => {
  const watch = createLagWatch(stuckMs);
  for (let turn = 0; turn < 5; turn++) watch.note([position(turn, 10)], turn * stuckMs);
  assert.deepEqual(watch.stuck(4 * stuckMs, false), []);
  watch.note([position(10, 10)], 5 * stuckMs);
  watch.note([position(11, 10)], 99 * stuckMs);
  assert.deepEqual(watch.stuck(99 * stuckMs, true), [], 'a marker behind the last message is no lag');
});

test('one that has something to read and does not move is stuck', () => {
  const watch = createLagWatch(stuckMs);
  watch.note([position(3, 10)], 0);
  watch.note([position(3, 12)], stuckMs - 1);
  assert.deepEqual(watch.stuck(stuckMs - 1, false), []);
  watch.note([position(3, 12)], stuckMs);
  assert.deepEqual(watch.stuck(stuckMs, false), [
    { problem: 'lag', topic: 'customer_orders', partition: 0, offset: 3, detail: 'shipping-service is 9 behind' },
  ]);
});

test('a shop at rest must have no lag at all', () => {
  const watch = createLagWatch(stuckMs);
  watch.note([position(9, 10)], 0);
  assert.equal(watch.stuck(0, true).length, 1);
});

test('idle for long and then given something to read is not stuck', () => {
  const watch = createLagWatch(stuckMs);
  watch.note([position(10, 10)], 0);
  watch.note([position(10, 11)], 50 * stuckMs);
  assert.deepEqual(watch.stuck(50 * stuckMs, false), []);
});
