import assert from 'node:assert/strict';
import test from 'node:test';
import type { Shipment } from '@shop/common';
import { openVerifier } from '../support/open-verifier.ts';
import { atMs, historyChange } from '../support/records.ts';

const unknown = { status: 'undeliverable', reason: 'customer_unknown' } as Partial<Shipment>;
const deleted = { status: 'undeliverable', reason: 'customer_deleted' } as Partial<Shipment>;
/** Customer 1 exists from the start, and moves at 10 s and at 20 s. */
const moves = [
  historyChange({ offset: 0, at: -60_000 }, 'c', 1, 'A'),
  historyChange({ offset: 1, at: 10_000 }, 'u', 1, 'B'),
  historyChange({ offset: 2, at: 20_000 }, 'u', 1, 'C'),
];
const minutes = 60_000;

test('late change capture breaks no promise, but shows in the service level', () => {
  const { ship, problems, verifier, freshness } = openVerifier(moves);
  ship(5_000, { address: 'A' });
  ship(14_000, { address: 'A' });
  ship(20_000, { address: 'C' });
  ship(9 * minutes, { address: 'A' });
  assert.deepEqual(problems(), []);
  const now = Date.now();
  const { freshness_p50_ms, freshness_max_ms, freshness_late, freshness_measured } = freshness.figures();
  assert.deepEqual(
    { freshness_p50_ms, freshness_max_ms, freshness_late, freshness_measured },
    { freshness_p50_ms: 0, freshness_max_ms: 9 * minutes - 10_000, freshness_late: 1, freshness_measured: 4 },
  );
  assert.deepEqual(freshness.level(now), {
    met: false,
    text: '1 of 4 addresses of the last 10 min were older than 5 s',
  });
  assert.equal(freshness.level(now + 11 * minutes).met, true, 'the service level covers the last minutes');
  assert.equal(verifier.lateOrderOf(1), 'o3', 'P6 names it if the change never arrives');
});

test('an order placed after ksqlDB published a newer row must not get an older one', () => {
  const { ship, publish, checkpoint, problems, verifier } = openVerifier(moves);
  publish(1, 'A');
  publish(1, 'B');
  ship(30_000, { address: 'A' });
  assert.deepEqual(problems(), [], 'the order may have been placed and looked up before');
  checkpoint();
  ship(30_000, { address: 'C' });
  ship(30_000, { address: 'B' });
  assert.deepEqual(problems(), []);
  ship(30_000, { address: 'A' });
  assert.deepEqual(problems(), ['stale_address']);
  assert.deepEqual(verifier.addressFindings.first[0], {
    problem: 'stale_address',
    order_id: 'o3',
    customer_id: 1,
    topic: 'shipments',
    partition: 0,
    offset: 3,
    detail: 'ksqlDB had published a newer row before the look-up',
  });
});

test('after the topic of orders was recreated, shipments of its former orders are not compared with its new offsets', () => {
  const { ship, publish, checkpoint, problems, ksqldbRows } = openVerifier(moves);
  publish(1, 'A');
  for (let order = 0; order < 3; order++) ship(10_000, { address: 'A' });
  checkpoint();
  ksqldbRows.startCheckpointsOver();
  publish(1, 'B');
  const addCheckpoint = (end: number) => ksqldbRows.addCheckpoint(ksqldbRows.read, new Map([[0, end]]));
  addCheckpoint(1);
  ship(30_000, { address: 'A', order_offset: 2 });
  ship(30_000, { address: 'A', order_offset: 4 });
  assert.deepEqual(problems(), [], 'orders of the former topic, one placed after its last checkpoint');
  publish(2, 'Z');
  addCheckpoint(5);
  ship(30_000, { address: 'A', order_offset: 4 });
  assert.deepEqual(problems(), ['stale_address']);
});

test('after ksqlDB returned a newer row to an instance, it must not return an older one to it', () => {
  const { ship, problems } = openVerifier(moves);
  const instance = 'shipping-1';
  ship({ startedAt: 25_000, answeredAt: 25_100, instance }, { address: 'C' });
  ship({ startedAt: 25_050, answeredAt: 25_200, instance }, { address: 'B' });
  ship({ startedAt: 25_150, answeredAt: 25_300, instance: 'shipping-2' }, { address: 'B' });
  ship({ answeredAt: 25_400, instance }, { address: 'B' });
  assert.deepEqual(problems(), [], 'both requests were in flight, another clock, a message of an older release');
  ship({ startedAt: 25_150, answeredAt: 25_300, instance }, { address: 'B' });
  assert.deepEqual(problems(), ['stale_address']);
});

test('an answer that was read before an order was placed counts for every instance', () => {
  const { ship, checkpoint, problems } = openVerifier(moves);
  ship({ startedAt: 25_000, answeredAt: 25_100, instance: 'shipping-1' }, { address: 'C' });
  checkpoint();
  ship({ startedAt: 0, answeredAt: 1, instance: 'shipping-2' }, { address: 'B' });
  assert.deepEqual(problems(), ['stale_address']);
});

test('a customer may move back to a former address', () => {
  const { ship, publish, checkpoint, problems } = openVerifier([
    ...moves,
    historyChange({ offset: 3, at: 30_000 }, 'u', 1, 'A'),
  ]);
  for (const address of ['A', 'B', 'C', 'A']) publish(1, address);
  checkpoint();
  ship(40_000, { address: 'A' });
  assert.deepEqual(problems(), []);
  ship(40_000, { address: 'C' });
  assert.deepEqual(problems(), ['stale_address']);
});

test("another customer's address, a mixed row and a future address are reported", () => {
  const { ship, problems } = openVerifier([
    ...moves,
    historyChange({ offset: 3 }, 'c', 2, 'Z'),
    historyChange({ offset: 4, at: 5 * minutes }, 'u', 1, 'D'),
  ]);
  ship(30_000, { address: 'Z' });
  ship(30_000, { address: 'C', zipcode: '2' });
  ship(30_000, { address: 'D' });
  ship(30_000, { customer_id: 3, address: 'A' });
  assert.deepEqual(problems(), ['foreign_address', 'foreign_address', 'address_from_the_future', 'customer_never_was']);
});

test("Postgres' clock may be ahead of shipping-service's", () => {
  const { ship, problems } = openVerifier(moves);
  ship(19_000, { address: 'C' });
  assert.deepEqual(problems(), []);
});

test('deleted customers: correctly refused, wrongly refused, shipped before and after ksqlDB had the deletion', () => {
  const { ship, publish, checkpoint, problems, verifier } = openVerifier([
    ...moves,
    historyChange({ offset: 3, at: 5 * minutes }, 'd', 1),
  ]);
  ship(5 * minutes + 1, deleted);
  ship(9 * minutes, { address: 'C' });
  assert.deepEqual(problems(), []);
  ship(29_000, deleted);
  publish(1);
  checkpoint();
  ship(9 * minutes, { address: 'C' });
  assert.deepEqual(problems(), ['customer_not_deleted', 'shipped_to_deleted']);
  assert.equal(verifier.deletedFindings.count, 2, 'both violate P4');
});

test('customer_unknown is correct for an id that never existed or was created after the order, and wrong for any other', () => {
  const { ship, publish, checkpoint, problems } = openVerifier([
    ...moves,
    historyChange({ offset: 3, at: 50_000 }, 'c', 2, 'Q'),
    historyChange({ offset: 4, at: 50_000 }, 'd', 3),
  ]);
  const later = { ordered_at: new Date(atMs(50_500)).toISOString() };
  ship(1_000, { ...unknown, customer_id: 9 });
  ship(1_000, { ...unknown, customer_id: 2 });
  ship(51_000, { ...unknown, customer_id: 2 });
  assert.deepEqual(problems(), []);
  ship(1_000, unknown);
  ship(51_000, { ...unknown, ...later, customer_id: 2 });
  ship(51_000, { ...unknown, customer_id: 3 });
  publish(2, 'Q');
  checkpoint();
  ship(1_000, { ...unknown, customer_id: 2 });
  assert.deepEqual(problems(), ['customer_was_known', 'customer_was_known', 'customer_was_known']);
});

test('without the beginning of a history, only rows that ksqlDB published can prove a violation', () => {
  const { ship, publish, checkpoint, problems, verifier } = openVerifier([
    historyChange({ offset: 7, at: 50_000 }, 'u', 1, 'B'),
  ]);
  ship(20_000, { address: 'A' });
  ship(60_000, { address: 'A' });
  assert.deepEqual(problems(), []);
  assert.equal(verifier.figures().beyond_history, 2);
  publish(1, 'A');
  publish(1, 'B');
  checkpoint();
  ship(60_000, { address: 'A' });
  assert.deepEqual(problems(), ['foreign_address']);
});

test('a customer whose whole history may be forgotten is not checked', () => {
  const { ship, problems, history, verifier } = openVerifier([historyChange({ offset: 0 }, 'c', 20, 'A')]);
  history.setForgottenId(10);
  ship(30_000, { ...deleted, customer_id: 9 });
  assert.deepEqual(problems(), []);
  assert.equal(verifier.figures().beyond_history, 1);
  ship(30_000, { ...deleted, customer_id: 20 });
  ship(30_000, { ...deleted, customer_id: 21 });
  assert.deepEqual(problems(), ['customer_not_deleted', 'customer_not_deleted']);
});

test("Debezium's placeholder is never an address, even if Postgres has it", () => {
  const { ship, problems } = openVerifier([historyChange({ offset: 0 }, 'r', 1, '__debezium_unavailable_value')]);
  ship(1_000, { address: '__debezium_unavailable_value' });
  assert.deepEqual(problems(), ['placeholder_shipped']);
});

test('a reused id is another customer once ksqlDB has it', () => {
  const { ship, publish, checkpoint, problems } = openVerifier([
    historyChange({ offset: 0 }, 'c', 1, 'Former'),
    historyChange({ offset: 1, at: 10_000 }, 'd', 1),
    historyChange({ offset: 2, at: 20_000 }, 'c', 1, 'New'),
  ]);
  publish(1, 'Former');
  publish(1);
  publish(1, 'New');
  checkpoint();
  ship(30_000, { address: 'New' });
  assert.deepEqual(problems(), []);
  ship(30_000, { address: 'Former' });
  assert.deepEqual(problems(), ['stale_address']);
});
