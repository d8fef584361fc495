import type { TestContext } from 'node:test';
import type { Shipment } from '@shop/common';
import { createTopics, nameTopics, openTestKafka } from '@shop/test-support';
import type { Kafka, KafkaMessage, Producer } from 'kafkajs';

const variables = {
  customers: 'CUSTOMERS_TOPIC',
  orders: 'ORDERS_TOPIC',
  shipments: 'SHIPMENTS_TOPIC',
  waiting: 'ORDERS_WAITING_TOPIC',
  deadLetters: 'DEAD_LETTERS_TOPIC',
  repairs: 'REPAIRS_TOPIC',
} as const;

/** Topics, group and client of one test, apart from those of all others. */
export interface ShopTopicsOfTest {
  kafka: Kafka;
  producer: Producer;
  /** The environment that points a service to them. */
  env: Record<string, string>;
  names: Record<keyof typeof variables, string>;
}

/** Creates the topics that shipping-service reads and writes. */
export async function createShopTopics(t: TestContext): Promise<ShopTopicsOfTest> {
  const { kafka, env } = nameTopics(t, ...Object.values(variables), 'SERVICE_STATUS_TOPIC', 'CONSUMER_GROUP');
  const names = Object.fromEntries(
    Object.entries(variables).map(([name, variable]) => [name, env[variable]]),
  ) as ShopTopicsOfTest['names'];
  const { admin, producer, close } = await openTestKafka();
  t.after(close);
  await createTopics(admin, Object.values(names), 6);
  return { kafka, producer, env, names };
}

export const readShipments = (messages: KafkaMessage[]): Shipment[] =>
  messages.map(({ value }) => JSON.parse(String(value)));
