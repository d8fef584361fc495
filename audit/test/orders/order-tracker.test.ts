import assert from 'node:assert/strict';
import test from 'node:test';
import type { TopicRecord } from '@shop/common';
import fc from 'fast-check';
import { createOrderTracker, type OrderTracker } from '../../src/orders/order-tracker.ts';
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

const openTracker = () =>
  createOrderTracker({
    ordersTopic: topicNames.orders,
    ordersWaitingTopic: topicNames.waiting,
    duplicateWindowMs: 10 * minute,
  });

function feed(orders: OrderTracker, records: readonly TopicRecord[]): void {
  for (const record of records) {
    if (record.topic === topicNames.orders) orders.readOrder(record);
    else if (record.topic === topicNames.shipments) orders.readShipment(record);
    else if (record.topic === topicNames.waiting) orders.readWaiting(record);
    else orders.readDeadLetter(record);
  }
}

/** Checks the end offsets of the topic of orders twice, and finds the same topic. */
function checkOffsetsTwice(orders: OrderTracker): void {
  for (let check = 0; check < 2; check++) {
    orders.beginOffsetCheck();
    orders.completeOffsetCheck();
  }
}

/** Feeds a history. @returns the problems found, final and current */
function auditOrders(records: readonly TopicRecord[], { waitingRead = 0, quiet = false } = {}) {
  const orders = openTracker();
  feed(orders, records);
  checkOffsetsTwice(orders);
  const missing = quiet ? orders.withoutOutcome() : orders.lost(orders.handled(new Map([[0, waitingRead]])));
  return {
    orders,
    missing,
    outcomes: [...orders.outcomeFindings.first, ...missing].map(({ problem }) => problem),
    duplicates: orders.duplicateFindings.first.map(({ problem }) => problem),
  };
}

const at = (offset: number) => ({ partition: 0, offset });
const clean = { outcomes: [], duplicates: [] };
const problemsOf = ({ outcomes, duplicates }: ReturnType<typeof auditOrders>) => ({ outcomes, duplicates });

test('a complete history passes: shipped, undeliverable, unreadable, waiting and duplicate orders', () => {
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
    { orders: found.orders.figures().orders, open: found.orders.figures().open },
    { orders: 5, open: 0 },
  );
});

test('an order that later orders have overtaken is lost, and reported', () => {
  const records = [
    orderRecord({ offset: 0, orderId: 'a' }),
    orderRecord({ offset: 1, orderId: 'b' }),
    shipmentRecord({ offset: 0 }, shipmentOf('b', at(1))),
  ];
  const { missing } = auditOrders(records);
  assert.deepEqual(missing, [{ problem: 'lost', order_id: 'a', topic: 'customer_orders', partition: 0, offset: 0 }]);
});

test('the last order is lost when its consumer group has committed a later offset', () => {
  const { orders } = auditOrders([orderRecord({ offset: 0, orderId: 'a' })]);
  assert.equal(orders.lost(orders.handled(new Map())).length, 0, 'in flight');
  orders.partitionOf(0).noteCommitted(1);
  assert.equal(orders.lost(orders.handled(new Map()))[0]?.order_id, 'a');
});

test('an order in flight is lost only in a shop at rest', () => {
  const records = [orderRecord({ offset: 0, orderId: 'a' })];
  assert.deepEqual(auditOrders(records).outcomes, []);
  assert.deepEqual(auditOrders(records, { quiet: true }).outcomes, ['no_outcome']);
});

test('a waiting order is lost when its message in orders_waiting was handled without an outcome', () => {
  const records = [
    orderRecord({ offset: 0, orderId: 'a' }),
    orderRecord({ offset: 1, orderId: 'b' }),
    waitingRecord({ offset: 5 }, at(0)),
    shipmentRecord({ offset: 0 }, shipmentOf('b', at(1))),
  ];
  assert.deepEqual(auditOrders(records, { waitingRead: 5 }).outcomes, []);
  const outcomesFirst = [...records.slice(2), ...records.slice(0, 2)];
  assert.deepEqual(auditOrders(outcomesFirst, { waitingRead: 5 }).outcomes, [], 'in either reading order');
  assert.deepEqual(auditOrders(records, { waitingRead: 6 }).outcomes, ['lost']);
  assert.deepEqual(auditOrders([...records, waitingRecord({ offset: 6 }, at(0))], { waitingRead: 6 }).outcomes, []);
  assert.deepEqual(auditOrders(records, { quiet: true }).outcomes, ['still_waiting']);
});

test('a second shipment of an order is reported, also long after the first', () => {
  const many = Array.from({ length: 3_000 }, (_, offset) => [
    orderRecord({ offset, orderId: `o${offset}`, at: offset * minute }),
    shipmentRecord({ offset }, shipmentOf(`o${offset}`, at(offset))),
  ]).flat();
  const again = shipmentRecord({ offset: 3_000 }, shipmentOf('o7', at(7)));
  assert.deepEqual(problemsOf(auditOrders(many)), clean);
  const { orders, duplicates } = auditOrders([...many, again]);
  assert.deepEqual(duplicates, ['shipped_twice']);
  assert.deepEqual(orders.duplicateFindings.first[0], {
    problem: 'shipped_twice',
    order_id: 'o7',
    topic: 'shipments',
    partition: 0,
    offset: 3_000,
  });
  assert.ok(orders.figures().intervals <= 2, 'memory does not grow with the orders');
});

test('a shipped copy within the window is reported, in either reading order', () => {
  const first = orderRecord({ offset: 0, orderId: 'a' });
  const copy = orderRecord({ offset: 1, orderId: 'a', at: 9 * minute });
  const shipped = [0, 1].map((offset) => shipmentRecord({ offset }, shipmentOf('a', at(offset))));
  assert.deepEqual(auditOrders([first, copy, ...shipped]).duplicates, ['copy_shipped']);
  assert.deepEqual(auditOrders([...shipped, first, copy]).duplicates, ['copy_shipped']);
});

test('a copy is recognized although the clocks of producers are wrong', () => {
  const byProducer = (record: ReturnType<typeof orderRecord>) => ({ ...record, stampedByBroker: false });
  const orders = [
    byProducer(orderRecord({ offset: 0, orderId: 'a' })),
    byProducer(orderRecord({ offset: 1, orderId: 'b', at: 60 * minute })),
    byProducer(orderRecord({ offset: 2, orderId: 'a', at: 1 })),
  ];
  const shipped = ['a', 'b', 'a'].map((orderId, offset) =>
    shipmentRecord({ offset }, shipmentOf(orderId, { partition: 0, offset })),
  );
  assert.deepEqual(auditOrders([...orders, ...shipped]).duplicates, ['copy_shipped']);
});

test('a copy outside the window may be shipped', () => {
  const records = [
    orderRecord({ offset: 0, orderId: 'a' }),
    orderRecord({ offset: 1, orderId: 'a', at: 11 * minute }),
    ...[0, 1].map((offset) => shipmentRecord({ offset }, shipmentOf('a', at(offset)))),
  ];
  assert.deepEqual(problemsOf(auditOrders(records)), clean);
});

test('an order that is wrongly called a duplicate is lost', () => {
  const order = orderRecord({ offset: 0, orderId: 'a' });
  const letter = deadLetterRecord({ offset: 0 }, at(0), 'duplicate_order');
  assert.deepEqual(auditOrders([order, letter]).outcomes, ['not_a_copy']);
  assert.deepEqual(auditOrders([letter, order]).outcomes, ['not_a_copy']);
});

test('an order with a dead letter and a shipment has two places', () => {
  const order = orderRecord({ offset: 0, orderId: 'a' });
  const letter = deadLetterRecord({ offset: 0 }, at(0));
  const shipped = shipmentRecord({ offset: 0 }, shipmentOf('a', at(0)));
  assert.deepEqual(auditOrders([order, letter, shipped]).outcomes, ['readable_set_aside', 'two_places']);
  assert.deepEqual(auditOrders([order, shipped, letter]).outcomes, ['two_places']);
});

test('a dead letter from orders_waiting is the outcome of the waiting order', () => {
  const letter = deadLetterRecord({ offset: 0 }, at(9), 'wrong_shape', topicNames.waiting);
  const named = { ...letter, headers: { ...letter.headers, ...waitingRecord({ offset: 9 }, at(0)).headers } };
  assert.deepEqual(auditOrders([orderRecord({ offset: 0, orderId: 'a' }), named], { quiet: true }).outcomes, []);
});

test('a dead letter from another topic is no outcome of an order', () => {
  const letter = deadLetterRecord({ offset: 0 }, at(0), 'invalid_json', 'another_topic');
  const found = auditOrders([orderRecord({ offset: 0, orderId: 'a' }), letter], { quiet: true });
  assert.deepEqual(found.outcomes, ['no_outcome']);
});

test('the gaps that transaction markers leave are no orders', () => {
  const records = [0, 3, 5].flatMap((offset, index) => [
    orderRecord({ offset, orderId: `o${offset}` }),
    shipmentRecord({ offset: index * 2 }, shipmentOf(`o${offset}`, at(offset))),
  ]);
  const { orders, ...found } = auditOrders(records, { quiet: true });
  assert.deepEqual({ outcomes: found.outcomes, duplicates: found.duplicates }, clean);
  assert.equal(orders.figures().intervals, 1, 'and need no memory');
});

test('an outcome in such a gap belongs to no order', () => {
  const records = [
    orderRecord({ offset: 0, orderId: 'a' }),
    shipmentRecord({ offset: 0 }, shipmentOf('a', at(0))),
    shipmentRecord({ offset: 1 }, shipmentOf('x', at(1))),
    orderRecord({ offset: 2, orderId: 'c' }),
    shipmentRecord({ offset: 2 }, shipmentOf('c', at(2))),
  ];
  assert.deepEqual(auditOrders(records).outcomes, ['outcome_of_no_order']);
});

test('an outcome that names another order is reported', () => {
  const records = [orderRecord({ offset: 0, orderId: 'a' }), shipmentRecord({ offset: 0 }, shipmentOf('b', at(0)))];
  assert.deepEqual(auditOrders(records).outcomes, ['outcome_of_another_order']);
  assert.deepEqual(auditOrders(records.toReversed()).outcomes, ['outcome_of_another_order'], 'in either reading order');
});

test('orders that were deleted by age, or whose outcome was, are not lost', () => {
  const records = [
    shipmentRecord({ offset: 50 }, shipmentOf('old', at(99))),
    orderRecord({ offset: 100, orderId: 'a' }),
    orderRecord({ offset: 101, orderId: 'b' }),
    shipmentRecord({ offset: 51 }, shipmentOf('b', at(101))),
  ];
  const { orders, outcomes, duplicates } = auditOrders(records);
  assert.deepEqual({ outcomes, duplicates }, { outcomes: ['lost'], duplicates: [] });
  orders.partitionOf(0).ignoreBefore(101);
  assert.deepEqual(orders.lost(orders.handled(new Map())), []);
  assert.deepEqual(orders.withoutOutcome(), []);
});

test('a shipment that cannot be read is a violation, not a crash', () => {
  const order = orderRecord({ offset: 0, orderId: 'a' });
  assert.deepEqual(auditOrders([order, shipmentRecord({ offset: 0 }, '{')]).outcomes, ['unreadable_shipment']);
  assert.deepEqual(auditOrders([order, shipmentRecord({ offset: 0 }, null)]).outcomes, ['unreadable_shipment']);
});

const plans = fc.array(
  fc.record({ partition: fc.nat(1), outcome: fc.constantFrom('ship', 'wait', 'dead', 'copy'), skip: fc.nat(2) }),
  { minLength: 1, maxLength: 60 },
);

/** Creates orders of two partitions with their outcomes. @returns logs: orders of each partition, shipments, waiting, dead */
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

/** Merges the logs in an order that the numbers determine. */
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

test('a correct history passes in any reading order of its topics', () => {
  fc.assert(
    fc.property(histories, choices, (logs, order) => {
      const found = auditOrders(interleave(logs, order), { waitingRead: 1_000, quiet: true });
      assert.deepEqual(problemsOf(found), clean);
    }),
  );
});

test('one missing outcome or one extra shipment is always reported', () => {
  fc.assert(
    fc.property(histories, choices, fc.nat(), fc.boolean(), (logs, order, pick, less) => {
      const shipments = logs[2] ?? [];
      fc.pre(shipments.length > 0);
      const index = pick % shipments.length;
      const [removed] = shipments.splice(index, 1);
      if (!less && removed) shipments.splice(index, 0, removed, { ...removed, offset: removed.offset + 1 });
      const { outcomes, duplicates } = auditOrders(interleave(logs, order), { waitingRead: 1_000, quiet: true });
      assert.equal(less ? outcomes.length : duplicates.length, 1);
    }),
  );
});

/** Feeds a topic with one shipped order, then the first shipment of a recreated topic, before its first order is read. */
function readAcrossTopics(orders: OrderTracker): void {
  feed(orders, [
    orderRecord({ offset: 0, orderId: 'a' }),
    shipmentRecord({ offset: 0 }, shipmentOf('a', at(0))),
    shipmentRecord({ offset: 2 }, shipmentOf('b', at(0))),
  ]);
}

const countAll = (orders: OrderTracker) => [
  orders.duplicateFindings.count,
  orders.outcomeFindings.count,
  orders.withoutOutcome().length,
];

test('the offsets of a recreated topic are other orders, and their outcomes are no duplicates', () => {
  const orders = openTracker();
  readAcrossTopics(orders);
  assert.equal(orders.unconfirmed, 1);
  orders.restartPartition(0);
  feed(orders, [orderRecord({ offset: 0, orderId: 'b' }), orderRecord({ offset: 1, orderId: 'c' })]);
  checkOffsetsTwice(orders);
  assert.deepEqual(countAll(orders), [0, 0, 1], 'the second order has no outcome yet');
  feed(orders, [shipmentRecord({ offset: 4 }, shipmentOf('c', at(1)))]);
  assert.deepEqual(countAll(orders), [0, 0, 0]);
  assert.deepEqual([orders.figures().orders, orders.unconfirmed], [3, 0]);
});

test('an unconfirmed outcome is a duplicate once two checks have found the same topic of orders', () => {
  const orders = openTracker();
  orders.beginOffsetCheck();
  readAcrossTopics(orders);
  orders.completeOffsetCheck();
  orders.beginOffsetCheck();
  orders.completeOffsetCheck();
  assert.deepEqual(countAll(orders), [0, 0, 0], 'only one of the checks began after it was read');
  orders.beginOffsetCheck();
  orders.completeOffsetCheck();
  assert.deepEqual(countAll(orders), [1, 0, 0]);
});

test('an outcome of a former order is no outcome of the new order at its offset', () => {
  const old = orderRecord({ offset: 1, orderId: 'b' });
  const orders = openTracker();
  feed(orders, [orderRecord({ offset: 0, orderId: 'a' }), old]);
  orders.restartPartition(0);
  feed(orders, [
    orderRecord({ offset: 0, orderId: 'c' }),
    orderRecord({ offset: 1, orderId: 'd' }),
    waitingRecord({ offset: 0 }, at(1), String(old.value)),
    shipmentRecord({ offset: 0 }, shipmentOf('a', at(0))),
    deadLetterRecord({ offset: 0 }, at(1), 'duplicate_order', topicNames.orders, String(old.value)),
  ]);
  assert.deepEqual(
    orders.withoutOutcome().map(({ problem }) => problem),
    ['no_outcome', 'no_outcome'],
  );
  feed(orders, [
    shipmentRecord({ offset: 2 }, shipmentOf('c', at(0))),
    shipmentRecord({ offset: 3 }, shipmentOf('d', at(1))),
  ]);
  checkOffsetsTwice(orders);
  assert.deepEqual(countAll(orders), [0, 0, 0]);
});

test('a recreated topic causes no violation in any reading order, also with orders that were deleted unread', () => {
  const counts = fc.tuple(fc.nat(5), fc.nat(5), fc.nat(20), fc.nat(20), fc.nat(20));
  // A message that names no order cannot be distinguished from one of the new topic.
  const named = plans.map((planned) =>
    planned.map((plan) => (plan.outcome === 'dead' ? { ...plan, outcome: 'ship' } : plan)),
  );
  fc.assert(
    fc.property(named, named, choices, counts, (first, second, order, lastOnes) => {
      const [before, after] = [toLogs(first, 'old'), toLogs(second, 'new')];
      // The last orders are deleted unread, and the last outcomes are read among new ones.
      const tails = before.map((log, index) => log.splice(Math.max(0, log.length - (lastOnes[index] ?? 0))));
      const isNewOrder = new Set([...(after[0] ?? []), ...(after[1] ?? [])]);
      const later = after.map((log, index) => (index < 2 ? log : [...(tails[index] ?? []), ...log]));
      const orders = openTracker();
      feed(orders, interleave(before, order));
      const restarted = new Set<number>();
      for (const record of interleave(later, order)) {
        if (isNewOrder.has(record) && !restarted.has(record.partition)) {
          restarted.add(record.partition);
          orders.restartPartition(record.partition);
        }
        feed(orders, [record]);
      }
      for (const partition of [0, 1]) if (!restarted.has(partition)) orders.restartPartition(partition);
      checkOffsetsTwice(orders);
      assert.deepEqual(countAll(orders), [0, 0, 0]);
    }),
  );
});
