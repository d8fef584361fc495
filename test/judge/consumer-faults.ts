import { randomUUID } from 'node:crypto';
import { createKsqldbClient, readKsqldbSettings } from '@shop/common';
import { buildNewOrder } from '@shop/test-support';
import type { Message } from 'kafkajs';
import { unreadable } from '../faults/families/poison.ts';
import { serverFaults } from '../faults/families/servers.ts';
import type { FaultShop } from '../faults/shop/fault-shop.ts';
import { order, register } from '../faults/shop/parcels.ts';
import { awaitNewShipments } from '../faults/shop/recovery.ts';

/** A fault that a consumer of orders meets. */
export interface ConsumerFault {
  name: string;
  what: string;
  run(shop: FaultShop): Promise<void>;
}

const kills = 3;
const frozenMs = 15_000;
const ksqldbDownMs = 15_000;
const connectFrozenMs = 15_000;
/** How long a second instance stays when it has joined, ms. */
const secondInstanceMs = 10_000;
/** Customers or orders of one fault. */
const count = 20;
/** Time until the audit has certainly seen what ksqlDB shows, ms: it takes a checkpoint every second. */
const checkpointMs = 3_000;
/** How long to wait for the outcomes of a fault's orders, ms on a quiet machine. The audit decides about missing ones. */
const outcomesMs = 30_000;
/** How long to wait until the service ships again during a fault, ms on a quiet machine. */
export const shipsAgainMs = 60_000;

const restartKafka = serverFaults.find(({ name }) => name === 'restart-kafka');

/** In the order of the documents; a run shuffles them. */
export const consumerFaults: readonly ConsumerFault[] = [
  {
    name: 'kill',
    what: `kill -9 of the first instance, ${kills} times`,
    async run(shop) {
      for (let kill = 0; kill < kills; kill++) {
        await shop.killAndAwait('shipping-service');
        await awaitNewShipments(shop, shipsAgainMs);
      }
    },
  },
  {
    name: 'freeze',
    what: `SIGSTOP of the first instance, SIGCONT after ${frozenMs / 1_000} s`,
    run: (shop) => shop.freeze('shipping-service', frozenMs),
  },
  { name: 'rebalance', what: 'a second instance joins and leaves', run: rebalance },
  {
    name: 'broker-restart',
    what: 'the broker is restarted with SIGTERM',
    run: async (shop) => restartKafka?.run(shop, { untilNamed: async () => {} }),
  },
  { name: 'ksqldb-down', what: `ksqlDB resets every connection for ${ksqldbDownMs / 1_000} s`, run: resetKsqldb },
  {
    name: 'unreadable',
    what: `${unreadable.length} messages that are no orders`,
    async run(shop) {
      await sendOrders(
        shop,
        unreadable.map(({ value }, index) => ({ key: String(index), value: value() })),
      );
    },
  },
  { name: 'duplicates', what: `${count} orders are placed twice`, run: (shop) => placeTwice(shop, async () => {}) },
  {
    name: 'duplicates-after-kill',
    what: `${count} orders are placed twice, with a kill -9 in between`,
    run: (shop) => placeTwice(shop, () => shop.killAndAwait('shipping-service')),
  },
  { name: 'moves', what: `${count} customers order, move or leave, and order again`, run: moveAndLeave },
  {
    name: 'unknown-customers',
    what: `${count} new customers order, and ksqlDB gets them after ${connectFrozenMs / 1_000} s`,
    run: orderWhileConnectIsFrozen,
  },
];

async function rebalance(shop: FaultShop): Promise<void> {
  const second = await shop.addShipping();
  await shop.pause(secondInstanceMs);
  await second.stop();
}

async function resetKsqldb(shop: FaultShop): Promise<void> {
  shop.ksqldbProxy.setMode({ kind: 'down' });
  try {
    await shop.pause(ksqldbDownMs);
  } finally {
    shop.ksqldbProxy.setMode({ kind: 'pass' });
  }
}

async function placeTwice(shop: FaultShop, between: () => Promise<void>): Promise<void> {
  const ids = await registerSome(shop);
  const orders = ids.map((id) => buildNewOrder(id));
  const outcomes = orders.map(({ order_id }) => shop.tail.expect(order_id));
  const messages = orders.map((placed) => ({ key: String(placed.customer.id), value: JSON.stringify(placed) }));
  await sendOrders(shop, messages);
  await awaitOutcomes(shop, outcomes);
  await between();
  await sendOrders(shop, messages);
}

async function moveAndLeave(shop: FaultShop): Promise<void> {
  const ids = await registerSome(shop);
  const place = () => Promise.all(ids.map((id) => order(shop, id)));
  await awaitOutcomes(shop, await place());
  const address = `New Lane ${randomUUID().slice(0, 8)}`;
  const [movers, leavers] = [ids.slice(0, count / 2), ids.slice(count / 2)];
  await shop.postgres.query('UPDATE customers SET address = $1 WHERE id = ANY($2)', [address, movers]);
  await shop.postgres.query('DELETE FROM customers WHERE id = ANY($1)', [leavers]);
  await awaitRows(shop, ids, ({ op, address: shown }) => op === 'd' || shown === address);
  await shop.pause(checkpointMs);
  await awaitOutcomes(shop, await place());
}

async function orderWhileConnectIsFrozen(shop: FaultShop): Promise<void> {
  const frozen = shop.freeze('connect', connectFrozenMs);
  const ids = await registerSome(shop);
  const outcomes = await Promise.all(ids.map((id) => order(shop, id)));
  await frozen;
  await awaitOutcomes(shop, outcomes);
}

const registerSome = (shop: FaultShop): Promise<number[]> =>
  Promise.all(Array.from({ length: count }, () => register(shop)));

const sendOrders = (shop: FaultShop, messages: Message[]) =>
  shop.producer.send({ topic: shop.topics.orders.topic, messages });

/** Waits until each order has a shipment. A time-out is no error, because the audit reports orders without an outcome. */
async function awaitOutcomes(shop: FaultShop, outcomes: readonly (() => unknown)[]): Promise<void> {
  const left = new Set(outcomes);
  const ask = () => {
    for (const outcome of left) if (outcome()) left.delete(outcome);
    return left.size === 0;
  };
  await shop.until('the outcomes of the orders of a fault', ask, outcomesMs).catch(() => {
    shop.context.signal.throwIfAborted();
  });
}

/** Waits until ksqlDB shows such a row of each customer. */
async function awaitRows(
  shop: FaultShop,
  ids: readonly number[],
  isShown: (row: { op: unknown; address: unknown }) => boolean,
): Promise<void> {
  const ksqldb = createKsqldbClient(readKsqldbSettings(shop.env), { timeoutMs: 10_000 });
  try {
    await shop.until('the changes in ksqlDB', async () => {
      const { rows } = await ksqldb.pull(`SELECT op, address FROM customers WHERE id IN (${ids.join(', ')});`);
      return rows.length === ids.length && rows.every(([op, address]) => isShown({ op, address }));
    });
  } finally {
    ksqldb.close();
  }
}

/** Finds faults by name. @throws when a name is unknown */
export function findConsumerFaults(names: readonly string[]): ConsumerFault[] {
  return names.map((name) => {
    const fault = consumerFaults.find((each) => each.name === name);
    if (fault) return fault;
    throw new Error(`there is no fault ${name}; there are ${consumerFaults.map((each) => each.name).join(', ')}`);
  });
}
