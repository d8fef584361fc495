import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createRandom, refill } from '@shop/common';
import { createRefills } from '../src/create-refills.ts';

const products = [
  { id: 1, product: 'toy' },
  { id: 2, product: 'phone' },
];
const amount = { min: 20, max: 22 };

test('every product gets one refill that follows the contract', () => {
  const refills = createRefills(products, createRandom(1), amount);
  assert.deepEqual(
    refills.map(({ id, product }) => ({ id, product })),
    products.map(({ id, product }) => ({ id, product })),
  );
  for (const each of refills) assert.deepEqual(refill.parse(each), each);
  assert.notEqual(refills[0]?.refill_id, refills[1]?.refill_id);
});

test('amounts stay within both limits and reach them, and a seed repeats them', () => {
  const many = Array.from({ length: 100 }, (_, id) => ({ id, product: `product ${id}` }));
  const amounts = (seed: number) => createRefills(many, createRandom(seed), amount).map((each) => each.refill);
  assert.deepEqual([...new Set(amounts(1))].sort(), [20, 21, 22]);
  assert.deepEqual(amounts(1), amounts(1));
  assert.notDeepEqual(amounts(1), amounts(2));
});

test('without products there is nothing to refill', () => {
  assert.deepEqual(createRefills([], createRandom(1), amount), []);
});
