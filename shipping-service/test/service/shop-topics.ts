import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import type { TestContext } from 'node:test';
import { createKafka, type Shipment } from '@shop/common';
import { type Kafka, type KafkaMessage, Partitioners, type Producer } from 'kafkajs';

/** host:port of a broker for tests; `npm test` starts one. */
export function testBroker(): string {
  const broker = process.env['TEST_KAFKA'];
  assert.ok(broker, 'TEST_KAFKA must be host:port of a Kafka broker; npm test starts one');
  return broker;
}

/** Topics, group and client of one test, apart from those of all others. */
export interface ShopTopicsOfTest {
  kafka: Kafka;
  producer: Producer;
  /** The environment that points a service to them. */
  env: Record<string, string>;
  names: { orders: string; shipments: string; waiting: string; deadLetters: string; customers: string };
}

export async function createShopTopics(t: TestContext): Promise<ShopTopicsOfTest> {
  const id = randomUUID().slice(0, 8);
  const names = {
    customers: `customers-${id}`,
    orders: `orders-${id}`,
    shipments: `shipments-${id}`,
    waiting: `waiting-${id}`,
    deadLetters: `dead-letters-${id}`,
  };
  const kafka = createKafka({ brokers: [testBroker()], source: { brokers: 'TEST_KAFKA', login: 'TEST_KAFKA' } });
  const admin = kafka.admin();
  await admin.connect();
  const producer = kafka.producer({
    createPartitioner: Partitioners.DefaultPartitioner,
    idempotent: true,
    maxInFlightRequests: 1,
  });
  await producer.connect();
  t.after(async () => {
    await admin.deleteTopics({ topics: [...Object.values(names)] });
    await Promise.all([admin.disconnect(), producer.disconnect()]);
  });
  await admin.createTopics({
    waitForLeaders: true,
    topics: Object.values(names).map((topic) => ({ topic, numPartitions: 6 })),
  });
  const env = {
    KAFKA_BOOTSTRAP_SERVERS: testBroker(),
    CONSUMER_GROUP: `shipping-${id}`,
    CUSTOMERS_TOPIC: names.customers,
    ORDERS_TOPIC: names.orders,
    SHIPMENTS_TOPIC: names.shipments,
    ORDERS_WAITING_TOPIC: names.waiting,
    DEAD_LETTERS_TOPIC: names.deadLetters,
    SERVICE_STATUS_TOPIC: `status-${id}`,
  };
  return { kafka, producer, env, names };
}

export interface Following {
  messages: KafkaMessage[];
  /** Settles with all messages as soon as there are that many. */
  reach(count: number): Promise<KafkaMessage[]>;
}

/** Reads a topic from its beginning, committed messages only. */
export async function follow(t: TestContext, kafka: Kafka, topic: string): Promise<Following> {
  const messages: KafkaMessage[] = [];
  const next = new Map<number, bigint>();
  const waiters = new Set<() => void>();
  const consumer = kafka.consumer({ groupId: `test-${randomUUID()}`, maxWaitTimeInMs: 100 });
  await consumer.connect();
  t.after(() => consumer.disconnect());
  await consumer.subscribe({ topic, fromBeginning: true });
  await consumer.run({
    autoCommit: false,
    eachMessage: async ({ partition, message }) => {
      // A reader that commits nothing begins anew when its group rebalances: what it had is not had twice.
      if (BigInt(message.offset) < (next.get(partition) ?? 0n)) return;
      next.set(partition, BigInt(message.offset) + 1n);
      messages.push(message);
      for (const check of waiters) check();
    },
  });
  return {
    messages,
    reach: (count) =>
      new Promise((resolve) => {
        const check = () => messages.length >= count && resolve(messages);
        waiters.add(check);
        check();
      }),
  };
}

export const readShipments = (messages: KafkaMessage[]): Shipment[] =>
  messages.map(({ value }) => JSON.parse(String(value)));
