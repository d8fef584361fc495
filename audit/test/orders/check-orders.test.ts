import assert from 'node:assert/strict';
import test from 'node:test';
import type { Admin } from 'kafkajs';
import { createOrdersCheck } from '../../src/orders/check-orders.ts';
import { createOrderTracker } from '../../src/orders/order-tracker.ts';
import { orderRecord, shipmentOf, shipmentRecord, topicNames } from '../support/records.ts';

const definition = (topic: string) => ({ topic, partitions: 1, config: {} });

/** @param committed what shipping-service has committed; undefined when another service ships */
function openCheck(committed?: string) {
  const orders = createOrderTracker({
    ordersTopic: topicNames.orders,
    ordersWaitingTopic: topicNames.waiting,
    duplicateWindowMs: 600_000,
  });
  const fetchOffsets = async ({ groupId }: { groupId: string }) =>
    groupId === 'shipping-service' && committed !== undefined
      ? [{ topic: topicNames.orders, partitions: [{ partition: 0, offset: committed }] }]
      : [];
  const check = createOrdersCheck({
    orders,
    topics: {
      orders: definition(topicNames.orders),
      shipments: definition(topicNames.shipments),
      ordersWaiting: definition(topicNames.waiting),
      deadLetters: definition(topicNames.deadLetters),
    },
    admin: { fetchOffsets } as unknown as Admin,
    follower: {
      catchUp: async () => true,
      ends: async () => new Map([[0, 2]]),
      starts: () => new Map(),
    },
    shippingGroup: 'shipping-service',
    isKnown: () => true,
    passedMs: 1_000,
    patienceMs: 0,
  });
  const runRound = async (observedMs = 0) => {
    const round = { now: 0, observedMs, quiet: false, idleMs: 0 };
    await check.round?.(round);
    return { lost: check.statuses(round).P1?.found[1]?.count, undecided: check.undecided?.(round) };
  };
  return { orders, check, runRound };
}

test('an order is lost when two rounds agree, because a broker may answer with a former state', async () => {
  const { orders, check, runRound } = openCheck('2');
  check.onRecord?.(orderRecord({ offset: 0, orderId: 'a' }));
  check.onRecord?.(orderRecord({ offset: 1, orderId: 'b' }));
  assert.deepEqual(await runRound(), { lost: 0, undecided: true });
  orders.readShipment(shipmentRecord({ offset: 0 }, shipmentOf('a', { partition: 0, offset: 0 })));
  assert.deepEqual(await runRound(), { lost: 1, undecided: false });
  orders.readShipment(shipmentRecord({ offset: 1 }, shipmentOf('b', { partition: 0, offset: 1 })));
  assert.deepEqual(await runRound(), { lost: 0, undecided: false });
});

test('another service may ship orders of a partition in any order', async () => {
  const { orders, check, runRound } = openCheck();
  check.onRecord?.(orderRecord({ offset: 0, orderId: 'a' }));
  check.onRecord?.(orderRecord({ offset: 1, orderId: 'b' }));
  orders.readShipment(shipmentRecord({ offset: 1 }, shipmentOf('b', { partition: 0, offset: 1 })));
  assert.equal(orders.reached(0), 2);
  assert.deepEqual(await runRound(0), { lost: 0, undecided: false });
  assert.deepEqual(await runRound(999), { lost: 0, undecided: false });
  assert.deepEqual(await runRound(1_000), { lost: 1, undecided: false });
  orders.readShipment(shipmentRecord({ offset: 0 }, shipmentOf('a', { partition: 0, offset: 0 })));
  assert.deepEqual(await runRound(1_001), { lost: 0, undecided: false });
});
