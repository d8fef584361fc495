import assert from 'node:assert/strict';
import test from 'node:test';
import type { Admin } from 'kafkajs';
import { createOrdersCheck } from '../../src/orders/check-orders.ts';
import { createOrderLedger } from '../../src/orders/order-tracker.ts';
import { orderRecord, shipmentOf, shipmentRecord, topicNames } from '../support/records.ts';

const definition = (topic: string) => ({ topic, partitions: 1, config: {} });

test('an order is lost when two looks agree, because a broker may answer by a former state', async () => {
  const ledger = createOrderLedger({
    ordersTopic: topicNames.orders,
    ordersWaitingTopic: topicNames.waiting,
    duplicateWindowMs: 600_000,
  });
  const fetchOffsets = async ({ groupId }: { groupId: string }) =>
    groupId === 'shipping-service' ? [{ topic: topicNames.orders, partitions: [{ partition: 0, offset: '2' }] }] : [];
  const check = createOrdersCheck({
    ledger,
    topics: {
      orders: definition(topicNames.orders),
      shipments: definition(topicNames.shipments),
      ordersWaiting: definition(topicNames.waiting),
      deadLetters: definition(topicNames.deadLetters),
    },
    admin: { fetchOffsets } as unknown as Admin,
    following: {
      start: async () => {},
      catchUp: async () => true,
      ends: async () => new Map([[0, 2]]),
      starts: () => new Map(),
      stop: async () => {},
    },
    shippingGroup: 'shipping-service',
    patienceMs: 0,
  });
  const look = async () => {
    const round = { now: 0, looked: 0, quiet: false, stillMs: 0 };
    await check.round?.(round);
    return { lost: check.standings(round).P1?.found[1]?.count, undecided: check.undecided?.(round) };
  };
  check.take?.(orderRecord({ offset: 0, orderId: 'a' }));
  check.take?.(orderRecord({ offset: 1, orderId: 'b' }));
  assert.deepEqual(await look(), { lost: 0, undecided: true });
  ledger.readShipment(shipmentRecord({ offset: 0 }, shipmentOf('a', { partition: 0, offset: 0 })));
  assert.deepEqual(await look(), { lost: 1, undecided: false });
  ledger.readShipment(shipmentRecord({ offset: 1 }, shipmentOf('b', { partition: 0, offset: 1 })));
  assert.deepEqual(await look(), { lost: 0, undecided: false });
});
