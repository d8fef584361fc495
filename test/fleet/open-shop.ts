import { randomUUID } from 'node:crypto';
import type { TestContext } from 'node:test';
import {
  createKafka,
  createKsqldbClient,
  type KsqldbClient,
  type KsqldbSettings,
  readPostgresSettings,
  type Shipment,
  shopTopicNames,
} from '@shop/common';
import { buildNewOrder } from '@shop/test-support';
import { type Kafka, type KafkaMessage, Partitioners, type Producer } from 'kafkajs';
import { Pool } from 'pg';
import { WebSocket } from 'ws';
import type { FleetPorts } from './start-fleet.ts';

interface StreamedMessage {
  topic: string;
  partition: number;
  offset: string | number;
  key: unknown;
  value: unknown;
  timestamp: unknown;
}

/** A running shop as a test sees it, with all messages of its topics. */
export interface Shop {
  kafka: Kafka;
  producer: Producer;
  postgres: Pool;
  ksqldb: KsqldbClient;
  /** Messages by topic, read committed, from the beginning. */
  messages(topic: string): KafkaMessage[];
  shipments(): Shipment[];
  /** The messages sent to a browser. */
  streamed: StreamedMessage[];
  /** Disconnects and keeps the messages. Call it before the shop stops, because kafkajs never stops reconnecting. */
  close(): Promise<void>;
  /** Sends an order of this customer to `customer_orders`. @returns its id */
  order(customerId: number): Promise<string>;
}

/** @param ksqldbSettings ksqlDB's address and login; its port on loopback if absent */
export async function openShop(t: TestContext, ports: FleetPorts, ksqldbSettings?: KsqldbSettings): Promise<Shop> {
  const source = { brokers: 'the test', login: 'the test' };
  const kafka = createKafka({ brokers: [`127.0.0.1:${ports.kafka}`], source });
  const producer = kafka.producer({
    createPartitioner: Partitioners.DefaultPartitioner,
    allowAutoTopicCreation: false,
  });
  await producer.connect();
  const { database, shop: login } = readPostgresSettings();
  const postgres = new Pool({ host: '127.0.0.1', port: ports.postgres, database, ...login, max: 2 });
  const endpoint = `http://127.0.0.1:${ports.ksqldb}`;
  const local = { endpoint, source: { endpoint, login: endpoint } };
  const ksqldb = createKsqldbClient(ksqldbSettings ?? local, { timeoutMs: 10_000 });
  const { messages, close } = await followTopics(kafka);
  const { streamed, socket } = await watchStream(ports);
  let closing: Promise<unknown> | undefined;
  const closeAll = async () => {
    socket.terminate();
    ksqldb.close();
    await Promise.all([close(), producer.disconnect(), postgres.end()]);
  };
  const closeOnce = async () => {
    closing ??= closeAll();
    await closing;
  };
  t.after(closeOnce);
  return {
    kafka,
    producer,
    postgres,
    ksqldb,
    streamed,
    messages: (topic) => messages.get(topic) ?? [],
    close: closeOnce,
    shipments: () => (messages.get('shipments') ?? []).map(({ value }) => JSON.parse(String(value))),
    async order(customerId) {
      const order = buildNewOrder(customerId);
      await producer.send({
        topic: 'customer_orders',
        messages: [{ key: String(customerId), value: JSON.stringify(order) }],
      });
      return order.order_id;
    },
  };
}

async function followTopics(kafka: Kafka) {
  const messages = new Map<string, KafkaMessage[]>(shopTopicNames.map((topic) => [topic, []]));
  const next = new Map<string, bigint>();
  const consumer = kafka.consumer({ groupId: `test-${randomUUID()}`, maxWaitTimeInMs: 100 });
  await consumer.connect();
  await consumer.subscribe({ topics: [...shopTopicNames], fromBeginning: true });
  await consumer.run({
    autoCommit: false,
    eachMessage: async ({ topic, partition, message }) => {
      // This group commits no offsets, so it starts over after a rebalance: skip what was read before.
      const place = `${topic}/${partition}`;
      if (BigInt(message.offset) < (next.get(place) ?? 0n)) return;
      next.set(place, BigInt(message.offset) + 1n);
      messages.get(topic)?.push(message);
    },
  });
  return { messages, close: () => consumer.disconnect() };
}

async function watchStream(ports: FleetPorts) {
  const streamed: StreamedMessage[] = [];
  const socket = new WebSocket(`ws://127.0.0.1:${ports.page}/`);
  socket.on('message', (text) => void streamed.push(JSON.parse(String(text))));
  await new Promise((resolve, reject) => socket.once('open', resolve).once('error', reject));
  return { streamed, socket };
}
