import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readTopics } from '@shop/common';
import { countWaiting, describeFigures } from '../../src/figures/describe-figures.ts';
import { fitsTopics } from '../../src/figures/kept-figures.ts';
import { createTally, keptTally } from '../../src/figures/tally.ts';

const topics = readTopics({});

const record = (
  topic: 'customers' | 'orders' | 'shipments' | 'deadLetters',
  value: unknown,
  key = '1',
  timestamp = 0,
) => ({
  topic: topics[topic].topic,
  partition: 0,
  offset: 7,
  key: Buffer.from(key),
  value: value === null ? null : Buffer.from(JSON.stringify(value)),
  timestamp,
});

test('counts customers who register and leave, also when an event arrives twice', () => {
  const tally = createTally(topics, 0);
  for (const key of ['1', '2', '3', '3']) tally.count(record('customers', { op: 'c' }, key));
  tally.count(record('customers', { op: 'u' }, '2'));
  tally.count(record('customers', { op: 'd', after: null }, '1'));
  tally.count(record('customers', null, '1'));
  tally.count(record('customers', { op: 'c' }, 'no id'));
  assert.equal(tally.figures().customers, 2);
});

test('finds the first delivered shipment of this run', () => {
  const tally = createTally(topics, 1_000);
  tally.count(record('shipments', { status: 'delivered' }, 'a', 900));
  tally.count(record('shipments', { status: 'undeliverable' }, 'b', 1_050));
  assert.equal(tally.firstShipmentAt(), undefined);
  tally.count(record('shipments', { status: 'delivered' }, 'c', 1_200));
  tally.count(record('shipments', { status: 'delivered' }, 'd', 1_100));
  assert.equal(tally.firstShipmentAt(), 1_100);
  const { delivered, undeliverable } = tally.figures();
  assert.deepEqual({ delivered, undeliverable }, { delivered: 3, undeliverable: 1 });
});

test('continues from the stored state', () => {
  const tally = createTally(topics, 0);
  tally.count(record('orders', {}));
  tally.count(record('deadLetters', {}));
  tally.count(record('customers', { op: 'r' }, '7'));
  assert.deepEqual(tally.offsetsOf('customer_orders'), { '0': 8 });
  const again = createTally(topics, 0, keptTally.parse(JSON.parse(JSON.stringify(tally.keep()))));
  again.count(record('orders', {}));
  assert.deepEqual(again.offsetsOf('customer_orders'), { '0': 8 });
  assert.deepEqual(again.offsetsOf('shipments'), {});
  assert.deepEqual(again.figures(), { customers: 1, orders: 2, delivered: 0, undeliverable: 0, dead_letters: 1 });
});

test('offsets beyond the end do not fit the topics', () => {
  const ends = new Map([['orders', new Map([[0, 10]])]]);
  assert.equal(fitsTopics({ orders: { '0': 10 } }, ends), true);
  assert.equal(fitsTopics({ orders: { '0': 11 } }, ends), false);
  assert.equal(fitsTopics({ orders: { '1': 0 } }, ends), false);
  assert.equal(fitsTopics({ others: { '0': 0 } }, ends), false);
});

test('formats the counts in one line', () => {
  const figures = { customers: 1_234, orders: 20, delivered: 15, undeliverable: 1, dead_letters: 1 };
  assert.equal(countWaiting(figures), 3);
  assert.equal(
    describeFigures(figures),
    'customers 1,234  orders 20  shipped 15  undeliverable 1  waiting 3  dead letters 1',
  );
});
