import assert from 'node:assert/strict';
import test from 'node:test';
import type { TopicRecord } from '@shop/common';
import { createOrderTracker } from '../../src/orders/order-tracker.ts';
import {
  brokenOrderRecord,
  deadLetterRecord,
  orderRecord,
  shipmentOf,
  shipmentRecord,
  topicNames,
  waitingRecord,
} from '../support/records.ts';

const at = { partition: 0, offset: 0 };
const order = orderRecord({ offset: 0, orderId: 'a' });

/** Feeds an order and its outcome, in either order. @returns the problems of both, which must be the same */
function findProblems(of: TopicRecord, outcome: TopicRecord) {
  const [orderFirst, outcomeFirst] = [
    [of, outcome],
    [outcome, of],
  ].map((records) => {
    const orders = createOrderTracker({
      ordersTopic: topicNames.orders,
      ordersWaitingTopic: topicNames.waiting,
      duplicateWindowMs: 600_000,
    });
    for (const record of records) {
      if (record.topic === topicNames.orders) orders.readOrder(record);
      else if (record.topic === topicNames.shipments) orders.readShipment(record);
      else orders.readDeadLetter(record);
    }
    // What conflicts with the order is confirmed by two checks of the end offsets.
    for (let check = 0; check < 2; check++) {
      orders.beginOffsetCheck();
      orders.completeOffsetCheck();
    }
    return orders.outcomeFindings.first.map(({ problem, detail }) => [problem, detail ?? ''].join(': '));
  });
  assert.deepEqual(outcomeFirst, orderFirst, 'in either reading order');
  return orderFirst;
}

const ship = (change: Parameters<typeof shipmentOf>[2]) => shipmentRecord({ offset: 0 }, shipmentOf('a', at, change));

test('a shipment copies customer, product, quantity and time of its order', () => {
  assert.deepEqual(findProblems(order, ship({})), []);
  assert.deepEqual(findProblems(order, ship({ customer_id: 2 })), ['not_as_ordered: customer_id is 2, ordered 1']);
  assert.deepEqual(findProblems(order, ship({ product: 'phone', quantity: 3 })), [
    'not_as_ordered: product is phone, ordered toy, quantity is 3, ordered 1',
  ]);
});

test('a time may be written in another form', () => {
  const placedAt = shipmentOf('a', at).ordered_at;
  const withOffset = placedAt.replace('.000Z', '+00:00');
  assert.notEqual(withOffset, placedAt);
  assert.deepEqual(findProblems(order, ship({ ordered_at: withOffset })), []);
  const later = '2099-01-01T00:00:00Z';
  assert.deepEqual(findProblems(order, ship({ ordered_at: later })), [
    `not_as_ordered: ordered_at is ${later}, ordered ${placedAt}`,
  ]);
});

test('a message that is no order is set aside, and not shipped', () => {
  const broken = brokenOrderRecord({ offset: 0 });
  assert.deepEqual(findProblems(broken, deadLetterRecord({ offset: 0 }, at)), []);
  assert.deepEqual(findProblems(broken, ship({})), ['outcome_of_no_order: the message there is no order']);
});

test('an order that can be read is not set aside, unless it has waited', () => {
  const setAside = deadLetterRecord({ offset: 0 }, at, 'invalid_json', topicNames.orders, String(order.value));
  assert.deepEqual(findProblems(order, setAside), ['readable_set_aside: dead letter invalid_json']);
  const waited = waitingRecord({ offset: 0 }, at, String(order.value)).headers;
  const afterWaiting = deadLetterRecord({ offset: 0 }, at, 'wrong_headers', topicNames.waiting, String(order.value));
  assert.deepEqual(findProblems(order, { ...afterWaiting, headers: { ...waited, ...afterWaiting.headers } }), []);
});
