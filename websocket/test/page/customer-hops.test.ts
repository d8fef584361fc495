import assert from 'node:assert/strict';
import { test } from 'node:test';
import { followCustomer } from '../../page/src/text/customer-hops.ts';
import type { ListedEvent } from '../../src/messages/events.ts';

let count = 0;
const event = (topic: string, value: unknown): ListedEvent => {
  count += 1;
  return { id: count, topic, partition: 0, offset: count, key: '5', value, timestamp: count };
};
const answered = (command: string, address: string) =>
  event('shop_command_results', { command, status: 'done', customer_id: 5, address });
const changed = (op: string, address: string) => event('dummy.public.customers', { op, after: { id: 5, address } });
const shipped = (order_id: string, address: string) => event('shipments', { order_id, status: 'delivered', address });
const registered = [answered('register', 'Old 1'), changed('c', 'Old 1'), event('CUSTOMERS', { ADDRESS: 'Old 1' })];
const addressesOf = (events: ListedEvent[]) => followCustomer(events).hops.map(({ address }) => address);
const newestOf = (events: ListedEvent[]) => followCustomer(events).hops.map(({ isNewest }) => isNewest);

test('a new address is followed from hop to hop', () => {
  const events = [...registered, shipped('a', 'Old 1'), answered('move', 'New 2')];
  assert.deepEqual(addressesOf(events), ['New 2', 'Old 1', 'Old 1', 'Old 1']);
  assert.deepEqual(newestOf(events), [true, false, false, false]);
  events.push(changed('u', 'New 2'));
  assert.deepEqual(newestOf(events), [true, true, false, false]);
  events.push(event('CUSTOMERS', { ADDRESS: 'New 2' }), shipped('b', 'New 2'));
  assert.deepEqual(newestOf(events), [true, true, true, true]);
});

test('the updater’s own move counts, too', () => {
  const events = [...registered, changed('u', 'New 2')];
  assert.deepEqual(newestOf(events), [false, true, false, false]);
  assert.equal(followCustomer(events).hasMoved, true);
  assert.equal(followCustomer(registered).hasMoved, false);
});

test('parcels on their way are counted, and a deleted customer is noticed', () => {
  const events = [
    ...registered,
    event('customer_orders', { order_id: 'a' }),
    event('customer_orders', { order_id: 'b' }),
  ];
  events.push(shipped('a', 'Old 1'));
  assert.equal(followCustomer(events).onTheWay, 1);
  assert.equal(followCustomer(events).wasDeleted, false);
  events.push(event('dummy.public.customers', { op: 'd', before: { id: 5 }, after: null }));
  assert.equal(followCustomer(events).wasDeleted, true);
});

test('a customer of whom nothing is stored has no address', () => {
  assert.deepEqual(addressesOf([]), [null, null, null, null]);
  assert.deepEqual(newestOf([]), [false, false, false, false]);
});
