import assert from 'node:assert/strict';
import test from 'node:test';
import type { Shipment } from '@shop/common';
import { openCourt } from '../support/open-court.ts';
import { atMs, changeRecord } from '../support/records.ts';

const unknown = { status: 'undeliverable', reason: 'customer_unknown' } as Partial<Shipment>;
const gone = { status: 'undeliverable', reason: 'customer_deleted' } as Partial<Shipment>;
/** Customer 1 is there from the start and moves at 10 s and at 20 s. */
const moves = [
  changeRecord({ offset: 0 }, 'r', 1, 'A'),
  changeRecord({ offset: 1, at: 10_000 }, 'u', 1, 'B'),
  changeRecord({ offset: 2, at: 20_000 }, 'u', 1, 'C'),
];
const minutes = 60_000;

test('change capture that is minutes late breaks no promise, and shows in the service level', () => {
  const { ship, problems, court, freshness } = openCourt(moves);
  ship(5_000, { address: 'A' });
  ship(14_000, { address: 'A' });
  ship(20_000, { address: 'C' });
  ship(9 * minutes, { address: 'A' });
  assert.deepEqual(problems(), []);
  const now = Date.now();
  court.measureUpTo(atMs(10 * minutes), now);
  const { freshness_p50_ms, freshness_max_ms, freshness_late, freshness_measured } = freshness.figures();
  assert.deepEqual(
    { freshness_p50_ms, freshness_max_ms, freshness_late, freshness_measured },
    { freshness_p50_ms: 0, freshness_max_ms: 9 * minutes - 10_000, freshness_late: 1, freshness_measured: 4 },
  );
  assert.deepEqual(freshness.level(now), {
    met: false,
    text: '1 of 4 addresses of the last 10 min were older than 5 s',
  });
  assert.equal(freshness.level(now + 11 * minutes).met, true, 'the service level is about now');
});

test('an order placed after ksqlDB had published a newer row must not get an older one', () => {
  const { ship, publish, mark, problems, court } = openCourt(moves);
  publish(1, 'A');
  publish(1, 'B');
  ship(30_000, { address: 'A' });
  assert.deepEqual(problems(), [], 'the order may have been placed, and looked up, before');
  mark();
  ship(30_000, { address: 'C' });
  ship(30_000, { address: 'B' });
  assert.deepEqual(problems(), []);
  ship(30_000, { address: 'A' });
  assert.deepEqual(problems(), ['stale_address']);
  assert.deepEqual(court.addresses.first[0], {
    problem: 'stale_address',
    order_id: 'o3',
    customer_id: 1,
    topic: 'shipments',
    partition: 0,
    offset: 3,
    detail: 'ksqlDB had published a newer row before the look-up',
  });
});

test('after ksqlDB answered a newer row, the same instance must not be answered an older one', () => {
  const { ship, problems } = openCourt(moves);
  const instance = 'shipping-1';
  ship({ startedAt: 25_000, answeredAt: 25_100, instance }, { address: 'C' });
  ship({ startedAt: 25_050, answeredAt: 25_200, instance }, { address: 'B' });
  ship({ startedAt: 25_150, answeredAt: 25_300, instance: 'shipping-2' }, { address: 'B' });
  ship({ answeredAt: 25_400, instance }, { address: 'B' });
  assert.deepEqual(problems(), [], 'both were under way, another clock, and a message of an older release');
  ship({ startedAt: 25_150, answeredAt: 25_300, instance }, { address: 'B' });
  assert.deepEqual(problems(), ['stale_address']);
});

test('an answer that was read before an order was placed binds every instance', () => {
  const { ship, mark, problems } = openCourt(moves);
  ship({ startedAt: 25_000, answeredAt: 25_100, instance: 'shipping-1' }, { address: 'C' });
  mark();
  ship({ startedAt: 0, answeredAt: 1, instance: 'shipping-2' }, { address: 'B' });
  assert.deepEqual(problems(), ['stale_address']);
});

test('a customer who moves back is at a former address again', () => {
  const { ship, publish, mark, problems } = openCourt([...moves, changeRecord({ offset: 3, at: 30_000 }, 'u', 1, 'A')]);
  for (const address of ['A', 'B', 'C', 'A']) publish(1, address);
  mark();
  ship(40_000, { address: 'A' });
  assert.deepEqual(problems(), []);
  ship(40_000, { address: 'C' });
  assert.deepEqual(problems(), ['stale_address']);
});

test("another customer's address, a mixed row and one from the future are found", () => {
  const { ship, problems } = openCourt([
    ...moves,
    changeRecord({ offset: 3 }, 'r', 2, 'Z'),
    changeRecord({ offset: 4, at: 5 * minutes }, 'u', 1, 'D'),
  ]);
  ship(30_000, { address: 'Z' });
  ship(30_000, { address: 'C', zipcode: '2' });
  ship(30_000, { address: 'D' });
  ship(30_000, { customer_id: 3, address: 'A' });
  assert.deepEqual(problems(), ['foreign_address', 'foreign_address', 'address_from_the_future', 'customer_never_was']);
});

test("Postgres' clock may be ahead of shipping-service's", () => {
  const { ship, problems } = openCourt(moves);
  ship(19_000, { address: 'C' });
  assert.deepEqual(problems(), []);
});

test('deleted: refused rightly, refused wrongly, shipped before ksqlDB had it and after', () => {
  const { ship, publish, mark, problems, court } = openCourt([
    ...moves,
    changeRecord({ offset: 3, at: 5 * minutes }, 'd', 1),
  ]);
  ship(5 * minutes + 1, gone);
  ship(9 * minutes, { address: 'C' });
  assert.deepEqual(problems(), []);
  ship(29_000, gone);
  publish(1);
  mark();
  ship(9 * minutes, { address: 'C' });
  assert.deepEqual(problems(), ['customer_not_deleted', 'shipped_to_deleted']);
  assert.equal(court.deleted.count, 2, 'both are of P4');
});

test('unknown: for an id that never was or came after the order, not for one that was there', () => {
  const { ship, publish, mark, problems } = openCourt([
    ...moves,
    changeRecord({ offset: 3, at: 50_000 }, 'c', 2, 'Q'),
    changeRecord({ offset: 4, at: 50_000 }, 'd', 3),
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
  mark();
  ship(1_000, { ...unknown, customer_id: 2 });
  assert.deepEqual(problems(), ['customer_was_known', 'customer_was_known', 'customer_was_known']);
});

test('a snapshot after a restart changes nothing, unless it shows a change that was lost', () => {
  const again = openCourt([...moves, changeRecord({ offset: 3, at: 90_000 }, 'r', 1, 'C')]);
  again.ship(100_000, { address: 'C' });
  assert.deepEqual(again.problems(), []);
  assert.equal(again.history.gaps.count, 0);
  const lost = openCourt([...moves, changeRecord({ offset: 3, at: 90_000 }, 'r', 1, 'D')]);
  assert.deepEqual(
    lost.history.gaps.first.map(({ problem, customer_id }) => ({ problem, customer_id })),
    [{ problem: 'change_lost', customer_id: 1 }],
  );
});

test('where the beginning of a history is gone, only what ksqlDB had published binds', () => {
  const { ship, publish, mark, problems, court } = openCourt([changeRecord({ offset: 7, at: 50_000 }, 'u', 1, 'B')]);
  ship(20_000, { address: 'A' });
  ship(60_000, { address: 'A' });
  assert.deepEqual(problems(), []);
  assert.equal(court.figures().beyond_history, 2);
  publish(1, 'A');
  publish(1, 'B');
  mark();
  ship(60_000, { address: 'A' });
  assert.deepEqual(problems(), ['foreign_address']);
});

test('after the topic of changes was recreated, nobody is called deleted wrongly, or a stranger, by what it lost', () => {
  const { ship, problems, history, court } = openCourt(moves);
  history.lose();
  ship(30_000, gone);
  ship(30_000, { address: 'D' });
  ship(30_000, { customer_id: 9, address: 'D' });
  assert.deepEqual(problems(), []);
  assert.equal(court.figures().beyond_history, 3);
  history.read(changeRecord({ offset: 0, at: 40_000 }, 'c', 10, 'A'));
  ship(50_000, { ...gone, customer_id: 10 });
  assert.deepEqual(problems(), ['customer_not_deleted'], 'who registered after that has a whole history');
});

test('tombstones and unreadable changes are passed over', () => {
  const { history } = openCourt([{ ...changeRecord({ offset: 0 }, 'c', 1, 'A'), value: null }]);
  history.read({ ...changeRecord({ offset: 1 }, 'c', 1, 'A'), value: Buffer.from('{') });
  assert.deepEqual(history.figures(), { customers: 0, with_former_versions: 0, changes: 0, unreadable: 1 });
});

test('freshness is measured when no later change comes, once Postgres confirms the customer', () => {
  const { ship, court, problems, freshness } = openCourt(moves);
  ship(40_000, { address: 'C' });
  problems();
  court.measureUpTo(atMs(20_000), 0);
  assert.deepEqual(court.unmeasuredCustomers(10), [1]);
  court.measureCustomers(new Set([1]), atMs(39_000), 0);
  assert.equal(court.figures().unmeasured, 1, 'Postgres was asked too early');
  court.measureCustomers(new Set([1]), atMs(41_000), 0);
  assert.deepEqual([court.figures().unmeasured, freshness.figures().freshness_measured], [0, 1]);
});
