import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createEventStore } from '../../src/shop/event-store.ts';
import { findStory } from '../../src/shop/find-story.ts';
import { createShopSimulation, type ShopMessage } from '../support/simulate-shop.ts';
import { toLive } from '../support/to-live.ts';

const store = (count = 1_000, bytes = 1_000_000) => {
  const events = createEventStore({ count, bytes });
  const add = (messages: ShopMessage[]) => {
    for (const { message, json } of messages.map((each) => toLive(each))) events.add(message, json);
    return messages;
  };
  return { events, add, find: (search: string) => findStory(events, search, 'dummy.public.customers') };
};

test('the store keeps the last events, and drops the index of older ones', () => {
  const { events, add } = store(10);
  const shop = createShopSimulation();
  for (let n = 1; n <= 100; n += 1) add(shop.order(n));
  assert.equal(events.size, 10);
  assert.equal(events.ofCustomer(90).length, 0);
  assert.equal(events.ofCustomer(91).length, 1);
  assert.deepEqual([...events.newestFirst()].map(({ customerId }) => customerId).slice(0, 2), [100, 99]);
});

test('bytes are bounded, and one event that is larger than all is still there', () => {
  const { events, add } = store(1_000, 5_000);
  for (let n = 0; n < 20; n += 1) add([{ topic: 'dead_letters', key: '1', value: 'x'.repeat(1_000) }]);
  assert.equal(events.size, 4);
  add([{ topic: 'dead_letters', key: '1', value: 'x'.repeat(9_000) }]);
  assert.equal(events.size, 1);
});

test('the story of a customer: registered, ordered, moved, shipped, set aside', () => {
  const { add, find } = store();
  const shop = createShopSimulation();
  add(shop.register({ first_name: 'Ada', last_name: 'Lovelace' }));
  add(shop.register({ first_name: 'Someone', last_name: 'Else' }));
  const [order] = add(shop.order(1, 'order-1'));
  add(shop.move(1));
  if (order) add(shop.ship(order));
  add([{ topic: 'dead_letters', key: '1', value: '{"order":{"id":1,' }]);
  const story = find(' 1 ');
  assert.deepEqual(story.customer, { id: 1, name: 'Ada Lovelace' });
  assert.deepEqual(
    story.events.map(({ topic }) => topic),
    [
      'dummy.public.customers',
      'CUSTOMERS',
      'customer_orders',
      'dummy.public.customers',
      'CUSTOMERS',
      'shipments',
      'dead_letters',
    ],
  );
});

test('the story of an order holds its customer’s changes, not their other orders', () => {
  const { add, find } = store();
  const shop = createShopSimulation();
  add(shop.register());
  add(shop.order(1, 'other'));
  const [order] = add(shop.order(1, 'mine'));
  if (order) add(shop.ship(order));
  const story = find('mine');
  assert.deepEqual([story.order_id, story.customer?.id], ['mine', 1]);
  assert.deepEqual(
    story.events.map(({ topic }) => topic),
    ['dummy.public.customers', 'CUSTOMERS', 'customer_orders', 'shipments'],
  );
});

test('a name finds customers to choose from, by their last name known', () => {
  const { add, find } = store();
  const shop = createShopSimulation();
  add(shop.register({ first_name: 'Ada', last_name: 'Lovelace', country: 'Kenya' }));
  add(shop.register({ first_name: 'Adam', last_name: 'Smith' }));
  assert.deepEqual(
    find('ada').candidates.map(({ id }) => id),
    [2, 1],
  );
  assert.deepEqual(find('LOVE').candidates, [{ id: 1, name: 'Ada Lovelace', country: 'Kenya' }]);
  assert.deepEqual(find('nobody').candidates, []);
  assert.deepEqual(find('').events, []);
});

test('a story with 20,000 nested arrays can be sent as JSON', () => {
  const { add, find } = store(1_000, 10_000_000);
  const deep = `${'['.repeat(20_000)}${']'.repeat(20_000)}`;
  add([
    { topic: 'customer_orders', key: '3', value: `{"customer":{"id":3},"order":{"product":${deep},"quantity":1}}` },
  ]);
  const deepest = `${'['.repeat(998)}${']'.repeat(998)}`;
  add([
    { topic: 'customer_orders', key: '3', value: `{"customer":{"id":3},"order":{"product":${deepest},"quantity":1}}` },
  ]);
  const answer = JSON.parse(JSON.stringify(find('3')));
  assert.deepEqual(
    answer.events.map(({ value_format }: { value_format?: string }) => value_format),
    ['text', undefined],
  );
});
