import type { TestContext } from 'node:test';
import type { Shipment } from '@shop/common';
import { nameTopics, until } from '@shop/test-support';
import { type Kafka, type KafkaMessage, Partitioners, type Producer } from 'kafkajs';

const variables = {
  customers: 'CUSTOMERS_TOPIC',
  orders: 'ORDERS_TOPIC',
  shipments: 'SHIPMENTS_TOPIC',
  waiting: 'ORDERS_WAITING_TOPIC',
  deadLetters: 'DEAD_LETTERS_TOPIC',
} as const;

/** Topics, group and client of one test, apart from those of all others. */
export interface ShopTopicsOfTest {
  kafka: Kafka;
  producer: Producer;
  /** The environment that points a service to them. */
  env: Record<string, string>;
  names: Record<keyof typeof variables, string>;
}

/** Makes the topics that shipping-service reads and writes. */
export async function createShopTopics(t: TestContext): Promise<ShopTopicsOfTest> {
  const { kafka, env } = nameTopics(t, ...Object.values(variables), 'SERVICE_STATUS_TOPIC', 'CONSUMER_GROUP');
  const names = Object.fromEntries(
    Object.entries(variables).map(([name, variable]) => [name, env[variable]]),
  ) as ShopTopicsOfTest['names'];
  const admin = kafka.admin();
  await admin.connect();
  await admin.createTopics({
    waitForLeaders: false,
    topics: Object.values(names).map((topic) => ({ topic, numPartitions: 6 })),
  });
  // The broker that answers may not know of the topics yet.
  const haveLeaders = () =>
    Promise.all(Object.values(names).map((topic) => admin.fetchTopicOffsets(topic))).then(
      () => true,
      () => false,
    );
  await until('leaders of every partition', haveLeaders);
  await admin.disconnect();
  const producer = kafka.producer({
    createPartitioner: Partitioners.DefaultPartitioner,
    idempotent: true,
    maxInFlightRequests: 1,
  });
  await producer.connect();
  t.after(() => producer.disconnect());
  return { kafka, producer, env, names };
}

export const readShipments = (messages: KafkaMessage[]): Shipment[] =>
  messages.map(({ value }) => JSON.parse(String(value)));
