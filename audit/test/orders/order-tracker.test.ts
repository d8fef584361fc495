import assert from 'node:assert/strict';
import test from 'node:test';
import fc from 'fast-check';
import type { TopicRecord } from '../../src/kafka/topic-record.ts';
import { createOrderLedger, type OrderLedger } from '../../src/orders/order-tracker.ts';
import {
  brokenOrderRecord,
  deadLetterRecord,
  orderRecord,
  shipmentOf,
  shipmentRecord,
  topicNames,
  waitingRecord,
} from '../support/records.ts';

const minute = 60_000;

const openLedger = () =>
  createOrderLedger({
    ordersTopic: topicNames.orders,
    ordersWaitingTopic: topicNames.waiting,
    duplicateWindowMs: 10 * minute,
  });

function feed(ledger: OrderLedger, records: readonly TopicRecord[]): void {
  for (const record of records) {
    if (record.topic === topicNames.orders) ledger.readOrder(record);
    else if (record.topic === topicNames.shipments) ledger.readShipment(record);
    else if (record.topic === topicNames.waiting) ledger.readWaiting(record);
    else ledger.readDeadLetter(record);
  }
}

/** Looks twice where the topic of orders ends, and finds it to be the same. */
function lookTwice(ledger: OrderLedger): void {
  for (let look = 0; look < 2; look++) {
    ledger.beginLook();
    ledger.endLook();
  }
}

/** Feeds a history and gives the problems found, final and current. */
function auditOrders(records: readonly TopicRecord[], { waitingRead = 0, quiet = false } = {}) {
  const ledger = openLedger();
  feed(ledger, records);
  lookTwice(ledger);
  const missing = quiet ? ledger.unsettled() : ledger.lost(ledger.handled(new Map([[0, waitingRead]])));
  return {
    ledger,
    missing,
    placed: [...ledger.placed.first, ...missing].map(({ problem }) => problem),
    twice: ledger.twice.first.map(({ problem }) => problem),
  };
}

const at = (offset: number) => ({ partition: 0, offset });
const clean = { placed: [], twice: [] };
const problemsOf = ({ placed, twice }: ReturnType<typeof auditOrders>) => ({ placed, twice });

test('shipped, undeliverable, unreadable, waited for, copied: a whole history passes', () => {
  const found = auditOrders(
    [
      orderRecord({ offset: 0, orderId: 'a' }),
      orderRecord({ offset: 1, orderId: 'b' }),
      brokenOrderRecord({ offset: 2 }),
      orderRecord({ offset: 3, orderId: 'c' }),
      orderRecord({ offset: 4, orderId: 'a', at: minute }),
      shipmentRecord({ offset: 0 }, shipmentOf('a', at(0))),
      shipmentRecord({ offset: 1 }, shipmentOf('b', at(1), { status: 'undeliverable', reason: 'customer_deleted' })),
      deadLetterRecord({ offset: 0 }, at(2)),
      waitingRecord({ offset: 0 }, at(3)),
      deadLetterRecord({ offset: 1 }, at(4), 'duplicate_order'),
      shipmentRecord({ offset: 2 }, shipmentOf('c', at(3))),
    ],
    { waitingRead: 1, quiet: true },
  );
  assert.deepEqual(problemsOf(found), clean);
  assert.deepEqual(
    { orders: found.ledger.figures().orders, open: found.ledger.figures().open },
    { orders: 5, open: 0 },
  );
});

test('an order that later ones have overtaken is lost, and named', () => {
  const records = [
    orderRecord({ offset: 0, orderId: 'a' }),
    orderRecord({ offset: 1, orderId: 'b' }),
    shipmentRecord({ offset: 0 }, shipmentOf('b', at(1))),
  ];
  const { missing } = auditOrders(records);
  assert.deepEqual(missing, [{ problem: 'lost', order_id: 'a', topic: 'customer_orders', partition: 0, offset: 0 }]);
});

test('the last order is lost when its consumer group has committed past it', () => {
  const { ledger } = auditOrders([orderRecord({ offset: 0, orderId: 'a' })]);
  assert.equal(ledger.lost(ledger.handled(new Map())).length, 0, 'in flight');
  ledger.partitionOf(0).pass(1);
  assert.equal(ledger.lost(ledger.handled(new Map()))[0]?.order_id, 'a');
});

test('an order in flight is not lost until quiet', () => {
  const records = [orderRecord({ offset: 0, orderId: 'a' })];
  assert.deepEqual(auditOrders(records).placed, []);
  assert.deepEqual(auditOrders(records, { quiet: true }).placed, ['no_outcome']);
});

test('a waiting order is not lost, until its place in orders_waiting was read and nothing came of it', () => {
  const records = [
    orderRecord({ offset: 0, orderId: 'a' }),
    orderRecord({ offset: 1, orderId: 'b' }),
    waitingRecord({ offset: 5 }, at(0)),
    shipmentRecord({ offset: 0 }, shipmentOf('b', at(1))),
  ];
  assert.deepEqual(auditOrders(records, { waitingRead: 5 }).placed, []);
  const outcomesFirst = [...records.slice(2), ...records.slice(0, 2)];
  assert.deepEqual(auditOrders(outcomesFirst, { waitingRead: 5 }).placed, [], 'whichever is read first');
  assert.deepEqual(auditOrders(records, { waitingRead: 6 }).placed, ['lost']);
  assert.deepEqual(auditOrders([...records, waitingRecord({ offset: 6 }, at(0))], { waitingRead: 6 }).placed, []);
  assert.deepEqual(auditOrders(records, { quiet: true }).placed, ['still_waiting']);
});

test('a second shipment of one order is found, also long after the first', () => {
  const many = Array.from({ length: 3_000 }, (_, offset) => [
    orderRecord({ offset, orderId: `o${offset}`, at: offset * minute }),
    shipmentRecord({ offset }, shipmentOf(`o${offset}`, at(offset))),
  ]).flat();
  const again = shipmentRecord({ offset: 3_000 }, shipmentOf('o7', at(7)));
  assert.deepEqual(problemsOf(auditOrders(many)), clean);
  const { ledger, twice } = auditOrders([...many, again]);
  assert.deepEqual(twice, ['shipped_twice']);
  assert.deepEqual(ledger.twice.first[0], {
    problem: 'shipped_twice',
    order_id: 'o7',
    topic: 'shipments',
    partition: 0,
    offset: 3_000,
  });
  assert.ok(ledger.figures().intervals <= 2, 'memory does not grow with the orders');
});

test('a copy within the window that was shipped is found, whichever is read first', () => {
  const first = orderRecord({ offset: 0, orderId: 'a' });
  const copy = orderRecord({ offset: 1, orderId: 'a', at: 9 * minute });
  const shipped = [0, 1].map((offset) => shipmentRecord({ offset }, shipmentOf('a', at(offset))));
  assert.deepEqual(auditOrders([first, copy, ...shipped]).twice, ['copy_shipped']);
  assert.deepEqual(auditOrders([...shipped, first, copy]).twice, ['copy_shipped']);
});

test('a copy is found although the clocks of the producers are wrong', () => {
  const byProducer = (record: ReturnType<typeof orderRecord>) => ({ ...record, stampedByBroker: false });
  const orders = [
    byProducer(orderRecord({ offset: 0, orderId: 'a' })),
    byProducer(orderRecord({ offset: 1, orderId: 'b', at: 60 * minute })),
    byProducer(orderRecord({ offset: 2, orderId: 'a', at: 1 })),
  ];
  const shipped = ['a', 'b', 'a'].map((orderId, offset) =>
    shipmentRecord({ offset }, shipmentOf(orderId, { partition: 0, offset })),
  );
  assert.deepEqual(auditOrders([...orders, ...shipped]).twice, ['copy_shipped']);
});

test('a copy outside of the window may be shipped', () => {
  const records = [
    orderRecord({ offset: 0, orderId: 'a' }),
    orderRecord({ offset: 1, orderId: 'a', at: 11 * minute }),
    ...[0, 1].map((offset) => shipmentRecord({ offset }, shipmentOf('a', at(offset)))),
  ];
  assert.deepEqual(problemsOf(auditOrders(records)), clean);
});

test('an order that is called a copy, but is none, is lost', () => {
  const order = orderRecord({ offset: 0, orderId: 'a' });
  const letter = deadLetterRecord({ offset: 0 }, at(0), 'duplicate_order');
  assert.deepEqual(auditOrders([order, letter]).placed, ['not_a_copy']);
  assert.deepEqual(auditOrders([letter, order]).placed, ['not_a_copy']);
});

test('a dead letter and a shipment of one order are two places', () => {
  const order = orderRecord({ offset: 0, orderId: 'a' });
  const letter = deadLetterRecord({ offset: 0 }, at(0));
  const shipped = shipmentRecord({ offset: 0 }, shipmentOf('a', at(0)));
  assert.deepEqual(auditOrders([order, letter, shipped]).placed, ['two_places']);
  assert.deepEqual(auditOrders([order, shipped, letter]).placed, ['two_places']);
});

test('a dead letter out of orders_waiting is the outcome of the order that waited', () => {
  const letter = deadLetterRecord({ offset: 0 }, at(9), 'wrong_shape', topicNames.waiting);
  const named = { ...letter, headers: { ...letter.headers, ...waitingRecord({ offset: 9 }, at(0)).headers } };
  assert.deepEqual(auditOrders([orderRecord({ offset: 0, orderId: 'a' }), named], { quiet: true }).placed, []);
});

test('dead letters of other topics are no outcome of an order', () => {
  const letter = deadLetterRecord({ offset: 0 }, at(0), 'invalid_json', 'another_topic');
  const found = auditOrders([orderRecord({ offset: 0, orderId: 'a' }), letter], { quiet: true });
  assert.deepEqual(found.placed, ['no_outcome']);
});

test('markers of transactions leave gaps that are no orders', () => {
  const records = [0, 3, 5].flatMap((offset, index) => [
    orderRecord({ offset, orderId: `o${offset}` }),
    shipmentRecord({ offset: index * 2 }, shipmentOf(`o${offset}`, at(offset))),
  ]);
  const { ledger, ...found } = auditOrders(records, { quiet: true });
  assert.deepEqual({ placed: found.placed, twice: found.twice }, clean);
  assert.equal(ledger.figures().intervals, 1, 'and cost no memory');
});

test('an outcome in such a gap is the outcome of no order', () => {
  const records = [
    orderRecord({ offset: 0, orderId: 'a' }),
    shipmentRecord({ offset: 0 }, shipmentOf('a', at(0))),
    shipmentRecord({ offset: 1 }, shipmentOf('x', at(1))),
    orderRecord({ offset: 2, orderId: 'c' }),
    shipmentRecord({ offset: 2 }, shipmentOf('c', at(2))),
  ];
  assert.deepEqual(auditOrders(records).placed, ['outcome_of_no_order']);
});

test('an outcome that names another order is found', () => {
  const records = [orderRecord({ offset: 0, orderId: 'a' }), shipmentRecord({ offset: 0 }, shipmentOf('b', at(0)))];
  assert.deepEqual(auditOrders(records).placed, ['outcome_of_another_order']);
  assert.deepEqual(auditOrders(records.toReversed()).placed, ['outcome_of_another_order'], 'whichever is read first');
});

test('orders deleted by age, and those whose outcome was, are not missed', () => {
  const records = [
    shipmentRecord({ offset: 50 }, shipmentOf('old', at(99))),
    orderRecord({ offset: 100, orderId: 'a' }),
    orderRecord({ offset: 101, orderId: 'b' }),
    shipmentRecord({ offset: 51 }, shipmentOf('b', at(101))),
  ];
  const { ledger, placed, twice } = auditOrders(records);
  assert.deepEqual({ placed, twice }, { placed: ['lost'], twice: [] });
  ledger.partitionOf(0).ignoreBefore(101);
  assert.deepEqual(ledger.lost(ledger.handled(new Map())), []);
  assert.deepEqual(ledger.unsettled(), []);
});

test('a shipment that cannot be read is a violation, not a crash', () => {
  const order = orderRecord({ offset: 0, orderId: 'a' });
  assert.deepEqual(auditOrders([order, shipmentRecord({ offset: 0 }, '{')]).placed, ['unreadable_shipment']);
  assert.deepEqual(auditOrders([order, shipmentRecord({ offset: 0 }, null)]).placed, ['unreadable_shipment']);
});

const plans = fc.array(
  fc.record({ partition: fc.nat(1), outcome: fc.constantFrom('ship', 'wait', 'dead', 'copy'), skip: fc.nat(2) }),
  { minLength: 1, maxLength: 60 },
);

/** Orders of two partitions with their outcomes, each topic partition in its order: orders, shipments, waiting, dead. */
function toLogs(planned: readonly { partition: number; outcome: string; skip: number }[], name = 'o') {
  const next = [0, 0];
  const logs: TopicRecord[][] = [[], [], [], [], []];
  const [orders0 = [], orders1 = [], shipments = [], waiting = [], dead = []] = logs;
  const ids: string[][] = [[], []];
  for (const [index, { partition, outcome, skip }] of planned.entries()) {
    const offset = (next[partition] ?? 0) + skip * Math.min(1, next[partition] ?? 0);
    next[partition] = offset + 1;
    const orders = partition === 0 ? orders0 : orders1;
    const earlier = ids[partition]?.at(-1);
    const origin = { partition, offset };
    const id = `${name}${index}`;
    if (outcome === 'copy' && earlier !== undefined) {
      const copy = orderRecord({ offset, partition, orderId: earlier, at: index });
      orders.push(copy);
      const { orders: topic } = topicNames;
      dead.push(deadLetterRecord({ offset: dead.length * 2 }, origin, 'duplicate_order', topic, String(copy.value)));
      continue;
    }
    if (outcome === 'dead') {
      orders.push(brokenOrderRecord({ offset, partition, at: index }));
      dead.push(deadLetterRecord({ offset: dead.length * 2 }, origin));
      continue;
    }
    const order = orderRecord({ offset, partition, orderId: id, at: index });
    orders.push(order);
    ids[partition]?.push(id);
    if (outcome === 'wait') waiting.push(waitingRecord({ offset: waiting.length * 2 }, origin, String(order.value)));
    shipments.push(shipmentRecord({ offset: shipments.length * 2 }, shipmentOf(id, origin)));
  }
  return logs;
}

const histories = plans.map((planned) => toLogs(planned));

/** Merges the logs in an order that the numbers choose. */
function interleave(logs: readonly (readonly TopicRecord[])[], choices: readonly number[]): TopicRecord[] {
  const left = logs.map((log) => [...log]);
  const merged: TopicRecord[] = [];
  for (let turn = 0; left.some((log) => log.length > 0); turn++) {
    const open = left.filter((log) => log.length > 0);
    const record = open[(choices[turn % choices.length] ?? 0) % open.length]?.shift();
    if (record) merged.push(record);
  }
  return merged;
}

const choices = fc.array(fc.nat(4), { minLength: 1, maxLength: 40 });

test('a right history passes in whatever order its topics are read', () => {
  fc.assert(
    fc.property(histories, choices, (logs, order) => {
      const found = auditOrders(interleave(logs, order), { waitingRead: 1_000, quiet: true });
      assert.deepEqual(problemsOf(found), clean);
    }),
  );
});

test('one outcome less, or one shipment more, is always found', () => {
  fc.assert(
    fc.property(histories, choices, fc.nat(), fc.boolean(), (logs, order, pick, less) => {
      const shipments = logs[2] ?? [];
      fc.pre(shipments.length > 0);
      const index = pick % shipments.length;
      const [removed] = shipments.splice(index, 1);
      if (!less && removed) shipments.splice(index, 0, removed, { ...removed, offset: removed.offset + 1 });
      const { placed, twice } = auditOrders(interleave(logs, order), { waitingRead: 1_000, quiet: true });
      assert.equal(less ? placed.length : twice.length, 1);
    }),
  );
});

/** A topic of one order that is shipped; then a new topic, whose first shipment is read before its first order. */
function readAcrossTopics(ledger: OrderLedger): void {
  feed(ledger, [
    orderRecord({ offset: 0, orderId: 'a' }),
    shipmentRecord({ offset: 0 }, shipmentOf('a', at(0))),
    shipmentRecord({ offset: 2 }, shipmentOf('b', at(0))),
  ]);
}

const countAll = (ledger: OrderLedger) => [ledger.twice.count, ledger.placed.count, ledger.unsettled().length];

test('the offsets of a topic made anew are other orders, whose outcomes are no second ones', () => {
  const ledger = openLedger();
  readAcrossTopics(ledger);
  assert.equal(ledger.doubtful, 1);
  ledger.reopen(0);
  feed(ledger, [orderRecord({ offset: 0, orderId: 'b' }), orderRecord({ offset: 1, orderId: 'c' })]);
  lookTwice(ledger);
  assert.deepEqual(countAll(ledger), [0, 0, 1], 'the second one has no outcome yet');
  feed(ledger, [shipmentRecord({ offset: 4 }, shipmentOf('c', at(1)))]);
  assert.deepEqual(countAll(ledger), [0, 0, 0]);
  assert.deepEqual([ledger.figures().orders, ledger.doubtful], [3, 0]);
});

test('an outcome in doubt is a second one, once two looks have found the topic of orders to be the same', () => {
  const ledger = openLedger();
  ledger.beginLook();
  readAcrossTopics(ledger);
  ledger.endLook();
  ledger.beginLook();
  ledger.endLook();
  assert.deepEqual(countAll(ledger), [0, 0, 0], 'only one of the looks began after it was read');
  ledger.beginLook();
  ledger.endLook();
  assert.deepEqual(countAll(ledger), [1, 0, 0]);
});

test('what comes of an order of a former topic is no outcome of the new order at its offset', () => {
  const old = orderRecord({ offset: 1, orderId: 'b' });
  const ledger = openLedger();
  feed(ledger, [orderRecord({ offset: 0, orderId: 'a' }), old]);
  ledger.reopen(0);
  feed(ledger, [
    orderRecord({ offset: 0, orderId: 'c' }),
    orderRecord({ offset: 1, orderId: 'd' }),
    waitingRecord({ offset: 0 }, at(1), String(old.value)),
    shipmentRecord({ offset: 0 }, shipmentOf('a', at(0))),
    deadLetterRecord({ offset: 0 }, at(1), 'duplicate_order', topicNames.orders, String(old.value)),
  ]);
  assert.deepEqual(
    ledger.unsettled().map(({ problem }) => problem),
    ['no_outcome', 'no_outcome'],
  );
  feed(ledger, [
    shipmentRecord({ offset: 2 }, shipmentOf('c', at(0))),
    shipmentRecord({ offset: 3 }, shipmentOf('d', at(1))),
  ]);
  lookTwice(ledger);
  assert.deepEqual(countAll(ledger), [0, 0, 0]);
});

test('a topic made anew raises no alarm in whatever order topics are read, with orders that were gone unread', () => {
  const counts = fc.tuple(fc.nat(5), fc.nat(5), fc.nat(20), fc.nat(20), fc.nat(20));
  // A message that names no order cannot be told from one of the new topic.
  const named = plans.map((planned) =>
    planned.map((plan) => (plan.outcome === 'dead' ? { ...plan, outcome: 'ship' } : plan)),
  );
  fc.assert(
    fc.property(named, named, choices, counts, (first, second, order, lastOnes) => {
      const [before, after] = [toLogs(first, 'old'), toLogs(second, 'new')];
      // The last orders were gone unread; the last outcomes are read among new ones.
      const tails = before.map((log, index) => log.splice(Math.max(0, log.length - (lastOnes[index] ?? 0))));
      const isNewOrder = new Set([...(after[0] ?? []), ...(after[1] ?? [])]);
      const later = after.map((log, index) => (index < 2 ? log : [...(tails[index] ?? []), ...log]));
      const ledger = openLedger();
      feed(ledger, interleave(before, order));
      const reopened = new Set<number>();
      for (const record of interleave(later, order)) {
        if (isNewOrder.has(record) && !reopened.has(record.partition)) {
          reopened.add(record.partition);
          ledger.reopen(record.partition);
        }
        feed(ledger, [record]);
      }
      for (const partition of [0, 1]) if (!reopened.has(partition)) ledger.reopen(partition);
      lookTwice(ledger);
      assert.deepEqual(countAll(ledger), [0, 0, 0]);
    }),
  );
});
