import assert from 'node:assert/strict';
import test from 'node:test';
import type { Shipment } from '@shop/common';
import fc from 'fast-check';
import { createCustomerHistory } from '../../src/customers/customer-history.ts';
import { createShipmentCourt } from '../../src/customers/shipment-court.ts';
import type { TopicRecord } from '../../src/kafka/topic-record.ts';
import { atMs, changeRecord, shipmentOf, topicNames } from '../support/records.ts';

const boundMs = 5_000;

function openCourt(changes: readonly TopicRecord[]) {
  const history = createCustomerHistory();
  const court = createShipmentCourt(history, topicNames.shipments, () => boundMs);
  for (const change of changes) history.read(change);
  let offset = 0;
  return {
    history,
    court,
    ship(lookedUpAt: number, change: Partial<Shipment>) {
      const shipment = shipmentOf(`o${offset}`, { partition: 0, offset }, {
        looked_up_at: new Date(atMs(lookedUpAt)).toISOString(),
        ...change,
      } as Partial<Shipment>);
      court.file(shipment, { partition: 0, offset: offset++ });
    },
    problems(upTo = 1e9) {
      court.judgeUpTo(atMs(upTo));
      return [...court.fresh.first, ...court.deleted.first].map(({ problem }) => problem);
    },
  };
}

const unknown = { status: 'undeliverable', reason: 'customer_unknown' } as Partial<Shipment>;
const gone = { status: 'undeliverable', reason: 'customer_deleted' } as Partial<Shipment>;
/** Customer 1 is there from the start and moves at 10 s and at 20 s. */
const moves = [
  changeRecord({ offset: 0 }, 'r', 1, 'A'),
  changeRecord({ offset: 1, at: 10_000 }, 'u', 1, 'B'),
  changeRecord({ offset: 2, at: 20_000 }, 'u', 1, 'C'),
];

test('an address that was current within the bound passes, and its age is reported', () => {
  const { ship, problems, court } = openCourt(moves);
  ship(5_000, { address: 'A' });
  ship(14_000, { address: 'A' });
  ship(20_000, { address: 'C' });
  ship(60_000, { address: 'C' });
  assert.deepEqual(problems(), []);
  const { delivered, freshness_max_ms, freshness_p50_ms } = court.figures();
  assert.deepEqual(
    { delivered, freshness_max_ms, freshness_p50_ms },
    { delivered: 4, freshness_max_ms: 4_000, freshness_p50_ms: 0 },
  );
});

test('an address that had changed before the bound is stale, and named', () => {
  const { ship, problems, court } = openCourt(moves);
  ship(15_001, { address: 'A' });
  assert.deepEqual(problems(), ['stale_address']);
  assert.deepEqual(court.fresh.first[0], {
    problem: 'stale_address',
    order_id: 'o0',
    customer_id: 1,
    topic: 'shipments',
    partition: 0,
    offset: 0,
    detail: '5001 ms after it had changed',
  });
});

test("another customer's address, a mixed row and one from the future are found", () => {
  const { ship, problems } = openCourt([...moves, changeRecord({ offset: 3 }, 'r', 2, 'Z')]);
  ship(30_000, { address: 'Z' });
  ship(30_000, { address: 'C', zipcode: '2' });
  ship(9_000, { address: 'B' });
  ship(30_000, { customer_id: 3, address: 'A' });
  assert.deepEqual(problems(), ['foreign_address', 'foreign_address', 'address_from_the_future', 'customer_never_was']);
});

test('a move that becomes known only after the shipment was read still convicts', () => {
  const { ship, problems, history } = openCourt(moves.slice(0, 2));
  ship(40_000, { address: 'B' });
  assert.deepEqual(problems(20_000), [], 'nothing is said before the history is known that far');
  for (const change of moves.slice(2)) history.read(change);
  assert.deepEqual(problems(), ['stale_address']);
});

test('when no later change comes, the customers that Postgres confirms are judged', () => {
  const { ship, court } = openCourt(moves);
  ship(40_000, { address: 'C' });
  court.judgeUpTo(atMs(20_000));
  assert.deepEqual(court.pendingCustomers(10), [1]);
  court.judgeCustomers(new Set([1]), atMs(39_000));
  assert.equal(court.figures().pending, 1, 'Postgres was asked too early');
  court.judgeCustomers(new Set([1]), atMs(41_000));
  assert.deepEqual({ pending: court.figures().pending, found: court.fresh.count }, { pending: 0, found: 0 });
});

test('deleted: refused rightly, refused wrongly, shipped all the same', () => {
  const { ship, problems } = openCourt([...moves, changeRecord({ offset: 3, at: 30_000 }, 'd', 1)]);
  ship(31_000, gone);
  ship(34_000, { address: 'C' });
  assert.deepEqual(problems(), []);
  ship(29_000, gone);
  ship(36_000, { address: 'C' });
  assert.deepEqual(problems(), ['stale_address', 'customer_not_deleted']);
});

test('unknown: for an id that never was or came later, not for one that was there', () => {
  const { ship, problems } = openCourt([
    ...moves,
    changeRecord({ offset: 3, at: 50_000 }, 'c', 2, 'Q'),
    changeRecord({ offset: 4, at: 50_000 }, 'd', 3),
  ]);
  ship(1_000, { ...unknown, customer_id: 9 });
  ship(1_000, { ...unknown, customer_id: 2 });
  assert.deepEqual(problems(), []);
  ship(1_000, unknown);
  ship(51_000, { ...unknown, customer_id: 2 });
  ship(51_000, { ...unknown, customer_id: 3 });
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

test('where the beginning of a history was compacted away, nothing is claimed about it', () => {
  const { ship, problems, court } = openCourt([changeRecord({ offset: 7, at: 50_000 }, 'u', 1, 'B')]);
  ship(20_000, { address: 'A' });
  assert.deepEqual(problems(), []);
  assert.equal(court.figures().beyond_history, 1);
  ship(60_000, { address: 'A' });
  assert.deepEqual(problems(), ['foreign_address']);
});

test('tombstones and unreadable changes are passed over', () => {
  const { history } = openCourt([{ ...changeRecord({ offset: 0 }, 'c', 1, 'A'), value: null }]);
  history.read({ ...changeRecord({ offset: 1 }, 'c', 1, 'A'), value: Buffer.from('{') });
  assert.deepEqual(history.figures(), { customers: 0, with_former_versions: 0, changes: 0, unreadable: 1 });
});

test('former versions are forgotten once no order in flight can have them', () => {
  const { history } = openCourt(moves);
  history.forgetBefore(atMs(15_000));
  assert.equal(history.of(1).length, 2);
  history.forgetBefore(atMs(20_001));
  assert.equal(history.of(1).length, 1);
  assert.equal(history.figures().with_former_versions, 0);
});

test('every address of the last five seconds passes, and no older one', () => {
  const gaps = fc.array(fc.integer({ min: 1, max: 9_000 }), { minLength: 1, maxLength: 12 });
  fc.assert(
    fc.property(gaps, fc.nat(100_000), fc.nat(12), (between, lookedUpAt, pick) => {
      const starts = [0];
      for (const gap of between) starts.push((starts.at(-1) ?? 0) + gap);
      const { ship, problems } = openCourt(
        starts.map((at, offset) => changeRecord({ offset, at }, offset === 0 ? 'c' : 'u', 1, `Street ${offset}`)),
      );
      const version = pick % starts.length;
      const from = starts[version] ?? 0;
      const to = starts[version + 1] ?? Number.POSITIVE_INFINITY;
      ship(lookedUpAt, { address: `Street ${version}` });
      const right = from <= lookedUpAt && to >= lookedUpAt - boundMs;
      assert.equal(problems().length, right ? 0 : 1);
    }),
  );
});
