import assert from 'node:assert/strict';
import test from 'node:test';
import { createLagWatch } from '../../src/consumers/lag-watch.ts';

const stuckMs = 1_000;
const position = (committed: number, end: number, partition = 0) => ({
  group: 'shipping-service',
  topic: 'customer_orders',
  partition,
  committed,
  end,
});

test('a consumer that makes progress or has read everything passes', () => {
  const watch = createLagWatch(stuckMs);
  for (let turn = 0; turn < 5; turn++) watch.note([position(turn, 10)], turn * stuckMs);
  assert.deepEqual(watch.stuck(false), []);
  watch.note([position(10, 10)], 5 * stuckMs);
  watch.note([position(11, 10)], 99 * stuckMs);
  assert.deepEqual(watch.stuck(true), [], 'a transaction marker behind the last message is no lag');
});

test('a consumer with lag is stuck when nothing of its group moves', () => {
  const watch = createLagWatch(stuckMs);
  watch.note([position(3, 10)], 0);
  watch.note([position(3, 12)], stuckMs - 1);
  assert.deepEqual(watch.stuck(false), []);
  watch.note([position(3, 12)], stuckMs);
  assert.deepEqual(watch.stuck(false), [
    { problem: 'lag', topic: 'customer_orders', partition: 0, offset: 3, detail: 'shipping-service is 9 behind' },
  ]);
});

test('while another partition of the group moves, a partition has five times as long', () => {
  const watch = createLagWatch(stuckMs);
  for (let turn = 0; turn <= 4; turn++) watch.note([position(3, 10), position(turn, 90, 1)], turn * stuckMs);
  assert.deepEqual(watch.stuck(false), []);
  watch.note([position(3, 10), position(5, 90, 1)], 5 * stuckMs);
  assert.deepEqual(
    watch.stuck(false).map(({ partition }) => partition),
    [0],
  );
});

test('a shop at rest must have no lag', () => {
  const watch = createLagWatch(stuckMs);
  watch.note([position(9, 10)], 0);
  assert.equal(watch.stuck(true).length, 1);
});

test('a consumer that was idle and gets a message is not stuck', () => {
  const watch = createLagWatch(stuckMs);
  watch.note([position(10, 10)], 0);
  watch.note([position(10, 11)], 50 * stuckMs);
  assert.deepEqual(watch.stuck(false), []);
});
