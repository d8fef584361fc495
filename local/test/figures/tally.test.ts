import assert from 'node:assert/strict';
import { test } from 'node:test';
import { countWaiting, describeFigures } from '../../src/figures/describe-figures.ts';
import { fitsTopics } from '../../src/figures/kept-figures.ts';
import { type CountedMessage, createTally, keptTally } from '../../src/figures/tally.ts';

const message = (value: unknown, key = '1', writtenAt = 0): CountedMessage => ({
  key: Buffer.from(key),
  value: value === null ? null : Buffer.from(JSON.stringify(value)),
  writtenAt,
});

test('counts customers who register and leave, also when an event arrives twice', () => {
  const tally = createTally(0);
  for (const key of ['1', '2', '3', '3']) tally.count('customers', message({ op: 'c' }, key));
  tally.count('customers', message({ op: 'u' }, '2'));
  tally.count('customers', message({ op: 'd', after: null }, '1'));
  tally.count('customers', message(null, '1'));
  tally.count('customers', message({ op: 'c' }, 'no id'));
  assert.equal(tally.figures().customers, 2);
});

test('takes the first delivered shipment of this run for the first', () => {
  const tally = createTally(1_000);
  tally.count('shipments', message({ status: 'delivered' }, 'a', 900));
  tally.count('shipments', message({ status: 'undeliverable' }, 'b', 1_050));
  assert.equal(tally.firstShipmentAt(), undefined);
  tally.count('shipments', message({ status: 'delivered' }, 'c', 1_200));
  tally.count('shipments', message({ status: 'delivered' }, 'd', 1_100));
  assert.equal(tally.firstShipmentAt(), 1_100);
  const { delivered, undeliverable } = tally.figures();
  assert.deepEqual({ delivered, undeliverable }, { delivered: 3, undeliverable: 1 });
});

test('continues from the stored state', () => {
  const tally = createTally(0);
  tally.count('orders', message({}));
  tally.count('deadLetters', message({}));
  tally.count('customers', message({ op: 'r' }, '7'));
  const again = createTally(0, keptTally.parse(JSON.parse(JSON.stringify(tally.keep()))));
  again.count('orders', message({}));
  assert.deepEqual(again.figures(), { customers: 1, orders: 2, delivered: 0, undeliverable: 0, dead_letters: 1 });
});

test('offsets beyond the end belong to deleted topics', () => {
  const ends = { orders: [{ partition: 0, high: '10' }] };
  assert.equal(fitsTopics({ orders: { '0': '10' } }, ends), true);
  assert.equal(fitsTopics({ orders: { '0': '11' } }, ends), false);
  assert.equal(fitsTopics({ orders: { '1': '0' } }, ends), false);
  assert.equal(fitsTopics({ others: { '0': '0' } }, ends), false);
});

test('formats the counts in one line', () => {
  const figures = { customers: 1_234, orders: 20, delivered: 15, undeliverable: 1, dead_letters: 1 };
  assert.equal(countWaiting(figures), 3);
  assert.equal(
    describeFigures(figures),
    'customers 1,234  orders 20  shipped 15  undeliverable 1  waiting 3  dead letters 1',
  );
});
