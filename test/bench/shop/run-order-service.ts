import { type Order, readTopics, type TopicRecord } from '@shop/common';
import {
  countMessages,
  type createShopDatabase,
  createTopics,
  nameTopics,
  openTestKafka,
  type Scope,
  until,
} from '@shop/test-support';
import type { Round } from '../figure.ts';
import { readCounters } from './read-counters.ts';
import { readResults } from './read-results.ts';
import { runFor, startCompiled } from './start-compiled.ts';

type Database = Awaited<ReturnType<typeof createShopDatabase>>;

/** Creates a topic of orders. `read` reads it to its end. */
export async function createOrdersTopic(scope: Scope) {
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
export async function produceOrders(
  scope: Scope,
  database: Database,
  { customers, seconds }: { customers: number; seconds: number },
): Promise<Round> {
  const { env, kafka, topic, statusTopic, read } = await createOrdersTopic(scope);
  const service = startCompiled(scope, 'order-service', { ...database.env, ...env, ORDERS_PER_SECOND: '200000' });
  await until('the first order', async () => (await countMessages(kafka, topic)) > 0);
  await runFor(seconds, 'order-service', service);
  const { orders_made: made = 0, orders_unknown: unknown = 0 } = await readCounters(scope, statusTopic);
  const numbers = new Map<string, number>();
  const { perSecond, answers } = await read(made + unknown, ({ order_id, customer }) => {
    const index = numbers.get(order_id) ?? numbers.size;
    numbers.set(order_id, index);
    return { index, right: customer.id >= 1 && customer.id <= customers };
  });
  return { value: perSecond, answers };
}
