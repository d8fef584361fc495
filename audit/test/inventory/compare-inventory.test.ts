import assert from 'node:assert/strict';
import test from 'node:test';
import type { TopicRecord } from '@shop/common';
import { compareInventory } from '../../src/inventory/compare-inventory.ts';
import { createInventorySums } from '../../src/inventory/inventory-sums.ts';

const recordOf = (value: unknown): TopicRecord => ({
  topic: 't',
  partition: 0,
  offset: 0,
  timestamp: 0,
  stampedByBroker: true,
  key: null,
  value: value === null ? null : Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)),
  headers: {},
});
const customer = { id: 5, first_name: 'Ada', last_name: 'Meier' };
const refill = (product: unknown, amount: unknown) => recordOf({ id: 1, product, refill: amount });
const good = { order_id: 'x', customer, order: { id: 1, product: 'toy', quantity: 2 }, ordered_at: 't' };
const order = (product: unknown, quantity: unknown) =>
  recordOf({ order_id: 'x', customer, order: { id: 1, product, quantity }, ordered_at: 't' });

function sumsOf(refills: TopicRecord[], orders: TopicRecord[]) {
  const sums = createInventorySums();
  for (const each of refills) sums.readRefill(each);
  for (const each of orders) sums.readOrder(each);
  return { ...sums.copy(), leftOut: sums.figures().left_out };
}

const deepArrays = `${'['.repeat(20_000)}${']'.repeat(20_000)}`;

test('leaves out what ksqlDB skips: 20,000 nested arrays, inside or outside of a column', () => {
  const inColumn = recordOf(JSON.stringify(good).replace('"toy"', deepArrays));
  const beside = recordOf(JSON.stringify(good).replace('{', `{"gift":${deepArrays},`));
  const { orders, leftOut } = sumsOf([], [inColumn, beside, order('toy', 2)]);
  assert.deepEqual([[...orders], leftOut], [[['toy', 2]], 2]);
});

const atRest = sumsOf([refill('toy', 40), refill('toy', 20), refill('chair', 30)], [order('toy', 2), order('toy', 5)]);
const right = [
  ['toy', 60, 7, 53],
  ['chair', 30, 0, 30],
];
const compare = (rows: unknown[][]) => compareInventory(rows, { before: atRest, after: atRest });

test('a correct answer passes, also for products that were never ordered', () => {
  assert.deepEqual(compare(right), { violations: [], behind: [], products: 2 });
});

test('reports each wrong sum with its product', () => {
  for (const wrong of [
    ['toy', 61, 7, 54],
    ['toy', 60, 8, 52],
    ['toy', 60, 7, 54],
  ]) {
    const { violations } = compare([wrong, ['chair', 30, 0, 30]]);
    assert.deepEqual(
      violations.map(({ problem, product }) => ({ problem, product })),
      [{ problem: 'wrong_inventory', product: 'toy' }],
    );
  }
});

test('a product that is missing or has lower sums is behind', () => {
  assert.deepEqual(compare([['toy', 60, 7, 53]]).behind, ['chair']);
  assert.deepEqual(
    compare([
      ['toy', 60, 6, 54],
      ['chair', 30, 0, 30],
    ]).behind,
    ['toy'],
  );
});

test('a product without refills has no stock', () => {
  assert.equal(compare([...right, ['ghost', 1, 0, 1]]).violations[0]?.problem, 'product_without_refills');
});

test('an answer in other columns is a violation, not a crash', () => {
  assert.equal(compare([...right, ['toy', null]]).violations[0]?.problem, 'unreadable_row');
});

test('in a busy shop, an answer between the earlier and the later sums passes', () => {
  const later = sumsOf([refill('toy', 100), refill('chair', 30)], [order('toy', 20)]);
  const range = { before: atRest, after: later };
  assert.deepEqual(
    compareInventory(
      [
        ['toy', 80, 9, 71],
        ['chair', 30, 0, 30],
      ],
      range,
    ).violations,
    [],
  );
  assert.equal(
    compareInventory(
      [
        ['toy', 101, 9, 92],
        ['chair', 30, 0, 30],
      ],
      range,
    ).violations.length,
    1,
  );
});

test('counts messages as ksqlDB reads them', () => {
  const { refills, orders, leftOut } = sumsOf(
    [refill('toy', '7'), refill('toy', 2.9), refill('toy', null), refill(null, 5), recordOf(null), recordOf('{')],
    [
      order('toy', 1),
      order('toy', 1),
      order('toy', 'many'),
      order('toy', true),
      recordOf({ ORDER: null }),
      recordOf({ Customer: customer, order: { ID: 1, PRODUCT: 'toy', Quantity: 3 }, Order_Id: 'x', ORDERED_AT: 't' }),
      recordOf({ order: 'text' }),
      recordOf('[]'),
    ],
  );
  assert.deepEqual({ refills: [...refills], orders: [...orders] }, { refills: [['toy', 7]], orders: [['toy', 5]] });
  assert.equal(leftOut, 9);
});

test('does not count what shipping rejects', () => {
  const ordered = (fields: object) => recordOf({ ...good, order: { ...good.order, ...fields } });
  const refused = [
    ...[-5, 0, 1.5, null].map((quantity) => ordered({ quantity })),
    recordOf(JSON.stringify(good).replace(':2}', ':9007199254740993}')),
    recordOf(JSON.stringify(good).replace(':2}', ':18446744073709551617}')),
    ...[{ product: '' }, { product: 'x'.repeat(201) }, { id: null }].map(ordered),
    recordOf({ ...good, order_id: '' }),
    recordOf({ ...good, customer: undefined }),
    ...['id', 'first_name', 'last_name'].map((field) =>
      recordOf({ ...good, customer: { ...customer, [field]: null } }),
    ),
    recordOf({ ...good, ordered_at: undefined }),
  ];
  const { orders, refills, leftOut } = sumsOf([refill('toy', -5), refill('toy', 1)], [...refused, recordOf(good)]);
  assert.deepEqual([[...orders], [...refills], leftOut], [[['toy', 2]], [['toy', 1]], refused.length + 1]);
});
