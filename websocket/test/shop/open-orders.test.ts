import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createOpenOrders } from '../../src/shop/open-orders.ts';

test('counts orders without an outcome, and returns the age of the oldest', () => {
  const orders = createOpenOrders(() => 1_000);
  assert.deepEqual(orders.picture(), { count: 0, oldest_ms: 0 });
  orders.opened('a', 400);
  orders.opened('b', 700);
  assert.deepEqual(orders.picture(), { count: 2, oldest_ms: 600 });
  orders.closed('a');
  assert.deepEqual(orders.picture(), { count: 1, oldest_ms: 300 });
});

test('an outcome that is read before its order closes it', () => {
  const orders = createOpenOrders(() => 1_000);
  orders.closed('a');
  orders.opened('a', 400);
  assert.equal(orders.picture().count, 0);
});

test('remembers no more than 200,000, the newest ones', () => {
  const orders = createOpenOrders(() => 1_000_000);
  for (let order = 0; order < 200_100; order++) orders.opened(`o-${order}`, order);
  assert.deepEqual(orders.picture(), { count: 200_000, oldest_ms: 1_000_000 - 100 });
});
