import { setTimeout as delay } from 'node:timers/promises';
import { readTopics } from '@shop/common';
import { createTopics, nameTopics, openTestKafka, type Scope, unique, until } from '@shop/test-support';
import type { Comparison, Figure, Round } from '../figure.ts';
import { readShipment } from '../shop/measure-shipping.ts';
import { orderMessage } from '../shop/orders-topic.ts';
import { startCompiled } from '../shop/start-compiled.ts';
import { startCustomersKsqldb } from '../shop/start-customers-ksqldb.ts';
import { percentile } from '../spread.ts';

/** Pause between two requests, ms, as in order-service. */
const tickMs = 15;
const seconds = { full: 20, quick: 2 };

export const shipLatencyFigure: Figure = {
  name: 'ship-latency',
  what: 'time from the acknowledgement of an order until its shipment is committed, p99, by orders per second',
  unit: 'ms',
  higherIsBetter: false,
  servers: ['kafka'],
  async open(context) {
    const customers = context.quick ? 2_000 : 20_000;
    const shop = await openShop(context, customers);
    const rates = context.quick ? [10, 100] : [10, 100, 1_000, 5_000];
    return rates.map((perSecond): Comparison => {
      const plan = { perSecond, seconds: context.quick ? seconds.quick : seconds.full };
      return {
        label: `p99 at ${perSecond.toLocaleString('en')} orders/s`,
        targets: perSecond > 1_000 ? [] : [{ against: 'value', limit: 250 }],
        contestants: [{ role: 'ours', what: 'shipping-service', run: () => shop.placeOrders(plan) }],
      };
    });
  },
};

interface Shop {
  /** Places orders at this rate, and waits until all are shipped. */
  placeOrders(plan: { perSecond: number; seconds: number }): Promise<Round>;
}

/** Starts ksqlDB, shipping-service and a reader of committed shipments. */
async function openShop(scope: Scope, customers: number): Promise<Shop> {
  const ksqldb = await startCustomersKsqldb(scope, customers);
  const names = ['SHIPMENTS_TOPIC', 'ORDERS_WAITING_TOPIC', 'DEAD_LETTERS_TOPIC', 'SERVICE_STATUS_TOPIC'];
  const { env } = nameTopics(scope, 'ORDERS_TOPIC', ...names, 'CONSUMER_GROUP');
  const { orders, shipments } = readTopics(env);
  const kafka = await openTestKafka();
  scope.after(() => kafka.close());
  for (const { topic, partitions, config } of [orders, shipments])
    await createTopics(kafka.admin, [topic], partitions, config);
  const service = startCompiled(scope, 'shipping-service', {
    ...env,
    CUSTOMERS_TOPIC: ksqldb.customersTopic,
    KSQLDB_ENDPOINT: ksqldb.endpoint,
  });

  const read = readShipment(customers);
  /** When each shipment arrived, by the number of its order; and how many came twice or were wrong. */
  const arrivedAt = new Map<number, number>();
  const found = { twice: 0, wrong: 0 };
  const consumer = kafka.kafka.consumer({ groupId: `bench-${unique()}`, maxWaitTimeInMs: 1_000 });
  scope.after(() => consumer.disconnect());
  await consumer.connect();
  await consumer.subscribe({ topic: shipments.topic, fromBeginning: true });
  await consumer.run({
    autoCommit: false,
    partitionsConsumedConcurrently: 6,
    eachBatch: async ({ batch }) => {
      const now = performance.now();
      for (const { value } of batch.messages) {
        const { index, right } = read({ value });
        if (!right) found.wrong += 1;
        if (arrivedAt.has(index)) found.twice += 1;
        else arrivedAt.set(index, now);
      }
    },
  });
  await service.said('ready');

  let next = 0;
  /** @returns when the orders were acknowledged */
  async function send(count: number): Promise<number> {
    const messages = Array.from({ length: count }, (_, n) => orderMessage(next + n, customers));
    next += count;
    await kafka.send(orders.topic, messages);
    return performance.now();
  }

  // The first orders of every partition wait for the start of the transactions.
  await send(600);
  await until('the first shipments', () => arrivedAt.size === next);

  return {
    async placeOrders({ perSecond, seconds }) {
      const first = next;
      const before = { ...found };
      const acknowledgedAt: number[] = [];
      const total = perSecond * seconds;
      const began = performance.now();
      while (acknowledgedAt.length < total) {
        const behind = Math.ceil(((performance.now() - began) / 1_000) * perSecond) - acknowledgedAt.length;
        const due = Math.min(behind, total - acknowledgedAt.length);
        if (due > 0) {
          const at = await send(due);
          for (let n = 0; n < due; n += 1) acknowledgedAt.push(at);
        }
        await delay(Math.max(tickMs, 500 / perSecond));
      }
      await until('every shipment', () => arrivedAt.size === next);
      // A second copy would arrive now.
      await delay(500);
      const took = acknowledgedAt.map((at, n) => Math.max(0, (arrivedAt.get(first + n) ?? Number.NaN) - at));
      const distinct = took.filter((ms) => !Number.isNaN(ms)).length;
      return {
        value: percentile(took, 0.99),
        also: { p50: percentile(took, 0.5) },
        answers: {
          expected: total,
          distinct,
          received: distinct + found.twice - before.twice,
          wrong: found.wrong - before.wrong,
        },
      };
    },
  };
}
