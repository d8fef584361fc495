import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createRandom, order } from '@shop/common';
import { version } from 'uuid';
import { createOrderMaker } from '../../src/orders/create-orders.ts';

const customer = (id: number) => ({ id, first_name: `First ${id}`, last_name: `Last ${id}` });
const products = [
  { id: 1, product: 'toy' },
  { id: 2, product: 'phone' },
];
const sample = { customers: [11, 12, 13, 14].map(customer), newcomers: [], products };
const quantity = { min: 2, max: 4 };

test('orders follow the contract, and each has another id', () => {
  const orders = createOrderMaker(createRandom(1), quantity)(500, sample);
  for (const each of orders) {
    assert.deepEqual(order.parse(each), each);
    assert.equal(version(each.order_id), 7);
    assert.ok(Math.abs(Date.now() - Date.parse(each.ordered_at)) < 60_000 && each.ordered_at.endsWith('Z'));
  }
  assert.equal(new Set(orders.map(({ order_id }) => order_id)).size, 500);
});

test('an order names its customer and its product, and has no address', () => {
  const [first] = createOrderMaker(createRandom(1), quantity)(1, sample);
  assert.deepEqual(Object.keys(first ?? {}), ['order_id', 'customer', 'order', 'ordered_at']);
  assert.deepEqual(first?.customer, customer(first?.customer.id ?? 0));
  assert.doesNotMatch(JSON.stringify(first), /address|zipcode|country/);
  assert.ok(products.some(({ id, product }) => id === first?.order.id && product === first.order.product));
});

test('all customers, products and quantities within the limits are chosen', () => {
  const orders = createOrderMaker(createRandom(1), quantity)(500, sample);
  const seen = (values: (number | string)[]) => [...new Set(values)].sort();
  assert.deepEqual(seen(orders.map((each) => each.customer.id)), [11, 12, 13, 14]);
  assert.deepEqual(seen(orders.map((each) => each.order.product)), ['phone', 'toy']);
  assert.deepEqual(seen(orders.map((each) => each.order.quantity)), [2, 3, 4]);
});

test('each newcomer gets one of the first orders, and the others get half of the orders', () => {
  const createOrders = createOrderMaker(createRandom(1), quantity);
  const newcomers = [29, 28, 27, 26, 25, 24, 23, 22, 21, 20].map(customer);
  const withNewcomers = { ...sample, newcomers };
  const ids = [...createOrders(15, withNewcomers), ...createOrders(60, withNewcomers)].map((each) => each.customer.id);
  assert.deepEqual(
    ids.filter((id) => id >= 20),
    newcomers.map(({ id }) => id),
  );
  assert.ok(ids.slice(0, 15).some((id) => id < 20));
  assert.ok(createOrders(20, { ...sample, newcomers: [customer(30)] }).some((each) => each.customer.id === 30));
});

test('the same seed makes the same choices, never the same ids', () => {
  const choices = [1, 1, 2].map((seed) => createOrderMaker(createRandom(seed), quantity)(20, sample));
  const [first, second, other] = choices.map((orders) => orders.map((each) => [each.customer, each.order]));
  assert.deepEqual(first, second);
  assert.notDeepEqual(first, other);
  assert.notEqual(choices[0]?.[0]?.order_id, choices[1]?.[0]?.order_id);
});
