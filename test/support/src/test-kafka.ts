import { createKafka } from '@shop/common';
import { type Admin, type Message, Partitioners, type SeekEntry } from 'kafkajs';
import { testKafka, testKafkaSettings } from './test-servers.ts';
import { until, untilPasses } from './until.ts';

/** Returns a unique suffix for names. */
export const unique = (): string => Math.random().toString(36).slice(2, 8);

/** Connects a client to a broker. The test closes it. */
export async function openTestKafka(broker = testKafka()) {
  const kafka = createKafka(testKafkaSettings(broker), { clientId: 'test' });
  const admin = kafka.admin();
  // Unlike the services' producers, this one gives up, so that the test fails.
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
    createTopic: (topic: string, partitions: number, config: Readonly<Record<string, string>> = {}) =>
      createTopics(admin, [topic], partitions, config),
    send: (topic: string, messages: Message[]) => producer.send({ topic, messages }),
    async close(): Promise<void> {
      await producer.disconnect();
      await admin.disconnect();
    },
  };
}

export type TestKafka = Awaited<ReturnType<typeof openTestKafka>>;

/** Creates topics, unless they exist, and waits until all their partitions have leaders. */
export async function createTopics(
  admin: Admin,
  topics: readonly string[],
  partitions: number,
  config: Readonly<Record<string, string>> = {},
): Promise<void> {
  const configEntries = Object.entries(config).map(([name, value]) => ({ name, value }));
  await admin.createTopics({
    // Wait below instead: kafkajs gives up when the answering broker does not know the topic yet.
    waitForLeaders: false,
    topics: topics.map((topic) => ({ topic, numPartitions: partitions, configEntries })),
  });
  for (const topic of topics)
    await until(`leaders of ${topic}`, async () => (await admin.fetchTopicOffsets(topic)).length === partitions);
}

/** Deletes a topic and creates it again, empty. */
export async function recreateTopic(admin: Admin, topic: string, partitions: number): Promise<void> {
  await admin.deleteTopics({ topics: [topic] });
  await until(`${topic} deleted`, async () => !(await admin.listTopics()).includes(topic));
  await until(`${topic} recreated`, () => admin.createTopics({ topics: [{ topic, numPartitions: partitions }] }));
  await createTopics(admin, [topic], partitions);
}

/** Deletes the records of a topic before these offsets; -1 deletes all. Repeats the request while Kafka refuses it. */
export const deleteRecords = (admin: Admin, topic: string, partitions: SeekEntry[]): Promise<void> =>
  untilPasses(`records of ${topic} deleted`, () => admin.deleteTopicRecords({ topic, partitions }));
