import assert from 'node:assert/strict';
import test from 'node:test';
import { createCustomerComparison } from '../../src/customers/compare-customers.ts';

const settleMs = 15_000;
const stuckMs = 120_000;
const open = () => createCustomerComparison({ settleMs, stuckMs });
const same = new Map([
  [1, 11],
  [2, 22],
]);
const moving = { idleMs: 0, changesIdleMs: 0 };
const never = Number.NEGATIVE_INFINITY;

test('equal tables pass', () => {
  const comparison = open();
  comparison.compare([1, 2, 3], { postgres: same, postgresAt: 0, ksqldb: same, changesReachedAt: 1e9, observedMs: 0 });
  assert.deepEqual(comparison.lasting({ observedMs: 1e9, idleMs: 1e9, changesIdleMs: 1e9 }), []);
  assert.equal(comparison.figures().compared, 3);
});

const postgres = same;
const ksqldb = new Map([
  [2, 99],
  [3, 33],
]);
const expected = [
  { problem: 'not_in_ksqldb', customer_id: 1 },
  { problem: 'another_row', customer_id: 2 },
  { problem: 'not_in_postgres', customer_id: 3 },
];

test('a difference counts when nothing moves any more', () => {
  const comparison = open();
  const compare = (observedMs: number) =>
    comparison.compare([1, 2, 3], { postgres, postgresAt: 0, ksqldb, changesReachedAt: never, observedMs });
  compare(0);
  compare(1e9);
  assert.deepEqual(
    comparison.lasting({ observedMs: 1e9, ...moving }),
    [],
    'while something moves, the change may still arrive',
  );
  const lastingWhenIdle = (idleMs: number, changesIdleMs: number) =>
    comparison.lasting({ observedMs: 1e9, idleMs, changesIdleMs });
  assert.deepEqual(lastingWhenIdle(settleMs - 1, stuckMs - 1), []);
  assert.deepEqual(lastingWhenIdle(settleMs, 0), expected);
  assert.deepEqual(lastingWhenIdle(0, stuckMs), expected, 'orders continue, and no change arrives');
});

test('a difference counts when later changes had arrived before ksqlDB was asked again', () => {
  const comparison = open();
  const compare = (changesReachedAt: number, observedMs: number) =>
    comparison.compare([1, 2, 3], { postgres, postgresAt: 500, ksqldb, changesReachedAt, observedMs });
  compare(900, 0);
  assert.deepEqual(comparison.lasting({ observedMs: 0, ...moving }), [], 'Postgres was asked later');
  compare(500, 1);
  assert.deepEqual(comparison.lasting({ observedMs: 1, ...moving }), []);
  compare(501, 2);
  assert.deepEqual(comparison.lasting({ observedMs: 2, ...moving }), expected);
});

test('a customer who keeps moving is no violation while ksqlDB follows', () => {
  const comparison = open();
  const compare = (postgresRow: number, ksqldbRow: number, time: number) =>
    comparison.compare([1], {
      postgres: new Map([[1, postgresRow]]),
      postgresAt: time,
      ksqldb: new Map([[1, ksqldbRow]]),
      changesReachedAt: time,
      observedMs: time,
    });
  for (let turn = 0; turn < 10; turn++) compare(turn + 1, turn, turn * settleMs);
  assert.deepEqual(comparison.lasting({ observedMs: 9 * settleMs, ...moving }), []);
  assert.equal(comparison.hasDifferenceFrom(8 * settleMs), false);
  assert.equal(comparison.hasDifferenceFrom(9 * settleMs), true);
  compare(10, 10, 10 * settleMs);
  assert.deepEqual(comparison.suspects(10), []);
});
