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
const moving = { stillMs: 0, changesStillMs: 0 };
const never = Number.NEGATIVE_INFINITY;

test('equal tables pass', () => {
  const comparison = open();
  comparison.note([1, 2, 3], { postgres: same, postgresAt: 0, ksqldb: same, shownUpTo: 1e9, looked: 0 });
  assert.deepEqual(comparison.lasting({ looked: 1e9, stillMs: 1e9, changesStillMs: 1e9 }), []);
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
  const look = (looked: number) =>
    comparison.note([1, 2, 3], { postgres, postgresAt: 0, ksqldb, shownUpTo: never, looked });
  look(0);
  look(1e9);
  assert.deepEqual(
    comparison.lasting({ looked: 1e9, ...moving }),
    [],
    'as long as something moves, it may be on its way',
  );
  const still = (stillMs: number, changesStillMs: number) =>
    comparison.lasting({ looked: 1e9, stillMs, changesStillMs });
  assert.deepEqual(still(settleMs - 1, stuckMs - 1), []);
  assert.deepEqual(still(settleMs, 0), expected);
  assert.deepEqual(still(0, stuckMs), expected, 'orders go on, and no change comes through');
});

test('a difference counts when later changes have come through before ksqlDB was asked again', () => {
  const comparison = open();
  const look = (shownUpTo: number, looked: number) =>
    comparison.note([1, 2, 3], { postgres, postgresAt: 500, ksqldb, shownUpTo, looked });
  look(900, 0);
  assert.deepEqual(comparison.lasting({ looked: 0, ...moving }), [], 'Postgres was asked only now');
  look(500, 1);
  assert.deepEqual(comparison.lasting({ looked: 1, ...moving }), []);
  look(501, 2);
  assert.deepEqual(comparison.lasting({ looked: 2, ...moving }), expected);
});

test('a customer who keeps moving, with ksqlDB following, is no difference that lasts', () => {
  const comparison = open();
  const look = (postgresRow: number, ksqldbRow: number, time: number) =>
    comparison.note([1], {
      postgres: new Map([[1, postgresRow]]),
      postgresAt: time,
      ksqldb: new Map([[1, ksqldbRow]]),
      shownUpTo: time,
      looked: time,
    });
  for (let turn = 0; turn < 10; turn++) look(turn + 1, turn, turn * settleMs);
  assert.deepEqual(comparison.lasting({ looked: 9 * settleMs, ...moving }), []);
  assert.equal(comparison.isOpenSince(8 * settleMs), false);
  assert.equal(comparison.isOpenSince(9 * settleMs), true);
  look(10, 10, 10 * settleMs);
  assert.deepEqual(comparison.suspects(10), []);
});
