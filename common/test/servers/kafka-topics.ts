import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import type { TestContext } from 'node:test';
import type { Kafka, KafkaMessage } from 'kafkajs';
import { createKafka } from '../../src/index.ts';

/** host:port of a broker for tests; `npm test` starts one. */
export function testKafka(): string {
  const broker = process.env['TEST_KAFKA'];
  assert.ok(broker, 'TEST_KAFKA must be host:port of a Kafka broker; npm test starts one');
  return broker;
}

export interface TopicsOfTest {
  kafka: Kafka;
  /** The environment that gives each topic a name of this test's own. Services create them. */
  env: Record<string, string>;
}

/** Names for topics that only this test uses; whatever of them exists in the end is deleted. */
export function nameTopics(t: TestContext, ...variables: string[]): TopicsOfTest {
  const id = randomUUID().slice(0, 8);
  const names = variables.map((variable) => [variable, `${variable.toLowerCase().replaceAll('_', '-')}-${id}`]);
  const topics = Object.fromEntries(names) as Record<string, string>;
  const kafka = createKafka({ brokers: [testKafka()], source: { brokers: 'TEST_KAFKA', login: 'TEST_KAFKA' } });
  t.after(async () => {
    const admin = kafka.admin();
    await admin.connect();
    const present = new Set(await admin.listTopics());
    const created = Object.values(topics).filter((topic) => present.has(topic));
    if (created.length > 0) await admin.deleteTopics({ topics: created });
    await admin.disconnect();
  });
  return { kafka, env: { KAFKA_BOOTSTRAP_SERVERS: testKafka(), ...topics } };
}

export interface Following {
  /** What came so far. */
  messages: KafkaMessage[];
  /** Settles with the first so many messages. */
  reach(count: number): Promise<KafkaMessage[]>;
}

/** Reads a topic that exists from its beginning, committed messages only. */
export async function followTopic(t: TestContext, kafka: Kafka, topic: string): Promise<Following> {
  const messages: KafkaMessage[] = [];
  const next = new Map<number, bigint>();
  const listeners = new Set<() => void>();
  const consumer = kafka.consumer({ groupId: `test-${randomUUID()}`, maxWaitTimeInMs: 100 });
  await consumer.connect();
  t.after(() => consumer.disconnect());
  await consumer.subscribe({ topic, fromBeginning: true });
  await consumer.run({
    autoCommit: false,
    eachBatch: async ({ batch: { partition, messages: batch } }) => {
      // A reader that commits nothing begins anew when its group rebalances: what it had is not had twice.
      for (const message of batch) {
        if (BigInt(message.offset) < (next.get(partition) ?? 0n)) continue;
        next.set(partition, BigInt(message.offset) + 1n);
        messages.push(message);
      }
      for (const listen of listeners) listen();
    },
  });
  return {
    messages,
    reach: (count) =>
      new Promise((resolve) => {
        const listen = () => {
          if (messages.length >= count) resolve(messages.slice(0, count));
        };
        listeners.add(listen);
        listen();
      }),
  };
}

/** How many messages a topic holds, read straight from the offsets. */
export async function countMessages(kafka: Kafka, topic: string): Promise<number> {
  const admin = kafka.admin();
  await admin.connect();
  const offsets = await admin.fetchTopicOffsets(topic);
  await admin.disconnect();
  return offsets.reduce((sum, { high, low }) => sum + Number(high) - Number(low), 0);
}
