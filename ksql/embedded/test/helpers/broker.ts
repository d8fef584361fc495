import assert from 'node:assert/strict';
import { createKafka } from '@shop/common';
import { untilPasses } from '@shop/test-support';
import { type Message, Partitioners } from 'kafkajs';

/** The broker the tests run against, as host:port. */
export function testBroker(): string {
  const broker = process.env['TEST_KAFKA'];
  assert.ok(broker, 'TEST_KAFKA is not set: give host:port of a Kafka broker that these tests may use');
  return broker;
}

/** Words that make names unlike those of any other run. */
export const unique = (): string => Math.random().toString(36).slice(2, 8);

/** Topics and records for a test; closed by the test that opened it. */
export async function openTestKafka() {
  const source = { brokers: 'TEST_KAFKA', login: 'TEST_KAFKA' };
  const kafka = createKafka({ brokers: [testBroker()], source }, { clientId: 'test' });
  const admin = kafka.admin();
  const producer = kafka.producer({
    createPartitioner: Partitioners.DefaultPartitioner,
    idempotent: true,
    maxInFlightRequests: 1,
  });
  await admin.connect();
  await producer.connect();
  return {
    kafka,
    admin,
    producer,
    async createTopic(topic: string, partitions: number, config: Record<string, string> = {}): Promise<void> {
      const configEntries = Object.entries(config).map(([name, value]) => ({ name, value }));
      await admin.createTopics({
        waitForLeaders: false,
        topics: [{ topic, numPartitions: partitions, configEntries }],
      });
      await untilPasses('the leader of every partition', async () => {
        const offsets = await admin.fetchTopicOffsets(topic);
        assert.equal(offsets.length, partitions);
      });
    },
    send: (topic: string, messages: Message[]) => producer.send({ topic, messages }),
    async close(): Promise<void> {
      await producer.disconnect();
      await admin.disconnect();
    },
  };
}

export type TestKafka = Awaited<ReturnType<typeof openTestKafka>>;
