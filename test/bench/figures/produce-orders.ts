import { setTimeout as delay } from 'node:timers/promises';
import { type Order, readTopics, type TopicRecord } from '@shop/common';
import {
  countMessages,
  createShopDatabase,
  createTopics,
  fillCustomers,
  nameTopics,
  openTestKafka,
  type Scope,
  testKafka,
  until,
} from '@shop/test-support';
import type { Figure, Round } from '../figure.ts';
import { customerOf, indexOf } from '../shop/orders-topic.ts';
import { readCounters } from '../shop/read-counters.ts';
import { readResults } from '../shop/read-results.ts';
import { runContestant, startCompiled } from '../shop/start-compiled.ts';

type Database = Awaited<ReturnType<typeof createShopDatabase>>;

export const produceOrdersFigure: Figure = {
  name: 'produce-orders',
  what: 'orders that order-service sends at full speed',
  unit: 'orders/s',
  higherIsBetter: true,
  servers: ['kafka', 'postgres'],
  async open(context) {
    const customers = context.quick ? 2_000 : 20_000;
    const seconds = context.quick ? 1 : 10;
    const database = await createShopDatabase(context);
    await fillCustomers(database.superuser, customers);
    const send = async (scope: Scope, way: 'batches' | 'one by one', orders: number): Promise<Round> => {
      const { topic, read } = await createOrdersTopic(scope);
      await runContestant(scope, 'send-orders.ts', [way, testKafka(), topic, String(orders), String(customers)]);
      const { perSecond, answers } = await read(orders, ({ order_id, customer }) => {
        const index = indexOf(order_id);
        return { index, right: customer.id === customerOf(index, customers) };
      });
      return { value: perSecond, answers };
    };
    return [
      {
        label: 'orders sent',
        targets: [{ against: 'ceiling', limit: 0.8 }],
        contestants: [
          {
            role: 'ours',
            what: 'order-service, asked for more than it can send',
            run: (scope) => produceOrders(scope, database, { customers, seconds }),
          },
          {
            role: 'obvious',
            what: 'one send per order',
            run: (scope) => send(scope, 'one by one', context.quick ? 200 : 10_000),
          },
          {
            role: 'ceiling',
            what: 'kafkajs, idempotent batches of ready messages',
            run: (scope) => send(scope, 'batches', context.quick ? 10_000 : 300_000),
          },
        ],
      },
    ];
  },
};

async function createOrdersTopic(scope: Scope) {
  const { env, kafka } = nameTopics(scope, 'ORDERS_TOPIC', 'SERVICE_STATUS_TOPIC');
  const { orders, serviceStatus } = readTopics(env);
  const { admin, close } = await openTestKafka();
  await createTopics(admin, [orders.topic], orders.partitions, orders.config);
  await close();
  return {
    env,
    kafka,
    topic: orders.topic,
    statusTopic: serviceStatus.topic,
    read: (expected: number, readOrder: (order: Order) => { index: number; right: boolean }) =>
      readResults(scope, orders.topic, expected, ({ value }: TopicRecord) =>
        readOrder(JSON.parse(String(value)) as Order),
      ),
  };
}

/** Runs order-service for a time. The topic must have the orders that it has counted, each once. */
async function produceOrders(
  scope: Scope,
  database: Database,
  { customers, seconds }: { customers: number; seconds: number },
): Promise<Round> {
  const { env, kafka, topic, statusTopic, read } = await createOrdersTopic(scope);
  const service = startCompiled(scope, 'order-service', { ...database.env, ...env, ORDERS_PER_SECOND: '200000' });
  await until('the first order', async () => (await countMessages(kafka, topic)) > 0);
  await delay(seconds * 1_000);
  const code = await service.end();
  if (code !== 0) throw new Error(`order-service ended with ${code}:\n${service.output()}`);
  const { orders_made: made = 0, orders_unknown: unknown = 0 } = await readCounters(scope, statusTopic);
  const numbers = new Map<string, number>();
  const { perSecond, answers } = await read(made + unknown, ({ order_id, customer }) => {
    const index = numbers.get(order_id) ?? numbers.size;
    numbers.set(order_id, index);
    return { index, right: customer.id >= 1 && customer.id <= customers };
  });
  return { value: perSecond, answers };
}
