import assert from 'node:assert/strict';
import test from 'node:test';
import { createCustomerComparison } from '../../src/customers/compare-customers.ts';

const settleMs = 15_000;
const same = new Map([
  [1, 11],
  [2, 22],
]);

test('equal tables pass', () => {
  const comparison = createCustomerComparison(settleMs);
  comparison.note([1, 2, 3], same, same, 0);
  assert.deepEqual(comparison.lasting(1e9), []);
  assert.equal(comparison.figures().compared, 3);
});

test('a difference that lasts is found: missing, left over, another row', () => {
  const comparison = createCustomerComparison(settleMs);
  const postgres = new Map([
    [1, 11],
    [2, 22],
  ]);
  const ksqldb = new Map([
    [2, 99],
    [3, 33],
  ]);
  comparison.note([1, 2, 3], postgres, ksqldb, 0);
  assert.deepEqual(comparison.lasting(settleMs - 1), [], 'it may be on its way');
  comparison.note([1, 2, 3], postgres, ksqldb, settleMs);
  assert.deepEqual(comparison.lasting(settleMs), [
    { problem: 'not_in_ksqldb', customer_id: 1 },
    { problem: 'another_row', customer_id: 2 },
    { problem: 'not_in_postgres', customer_id: 3 },
  ]);
});

test('a customer who keeps moving, with ksqlDB following, is no difference that lasts', () => {
  const comparison = createCustomerComparison(settleMs);
  for (let now = 0; now < 10; now++) comparison.note([1], new Map([[1, now + 1]]), new Map([[1, now]]), now * settleMs);
  assert.deepEqual(comparison.lasting(9 * settleMs), []);
  comparison.note([1], new Map([[1, 10]]), new Map([[1, 10]]), 10 * settleMs);
  assert.deepEqual(comparison.suspects(10), []);
});
