import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Reading, toColumns } from '../../page/src/state/columns.ts';
import type { Second } from '../../src/messages/shop-seconds.ts';

const at = (second: number, fields: Partial<Second> = {}): Second => ({
  second,
  orders: 0,
  delivered: 0,
  undeliverable: 0,
  p50: null,
  p99: null,
  left: {},
  ...fields,
});
const orders: Reading = { read: (second) => second?.orders ?? 0, together: 'mean' };
const p99: Reading = { read: (second) => second?.p99 ?? null, together: 'highest' };
const toys: Reading = { read: (second) => second?.left['toy'], together: 'last' };

test('every second has a row, a level stays until it changes', () => {
  const seconds = [at(90, { left: { toy: 5 } }), at(102, { orders: 3, p99: 40 }), at(104, { left: { toy: 4 } })];
  assert.deepEqual(toColumns(seconds, { until: 104, length: 5, step: 1 }, [orders, p99, toys]), [
    [100, 101, 102, 103, 104],
    [0, 0, 3, 0, 0],
    [null, null, 40, null, null],
    [5, 5, 5, 5, 4],
  ]);
});

test('several seconds become one point, at times that do not shift', () => {
  const seconds = [at(100, { orders: 4, p99: 10 }), at(103, { orders: 6, p99: 30 }), at(106, { orders: 9 })];
  for (const until of [104, 107])
    assert.deepEqual(toColumns(seconds, { until, length: 10, step: 5 }, [orders, p99, toys]), [
      [95, 100],
      [0, 2],
      [null, 30],
      [null, null],
    ]);
});
