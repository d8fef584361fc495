import { randomUUID } from 'node:crypto';
import { createKafka } from '@shop/common';
import type { Kafka } from 'kafkajs';
import type { Scope } from './scope.ts';
import { testKafka, testKafkaSettings } from './test-servers.ts';

export interface TopicsOfTest {
  kafka: Kafka;
  /** Variables that point a service to the broker and name each topic. The services create the topics. */
  env: Record<string, string>;
}

/** Names topics that only this test uses, and deletes them when it ends. */
export function nameTopics(t: Scope, ...variables: string[]): TopicsOfTest {
  const id = randomUUID().slice(0, 8);
  const names = variables.map((variable) => [variable, `${variable.toLowerCase().replaceAll('_', '-')}-${id}`]);
  const topics = Object.fromEntries(names) as Record<string, string>;
  const kafka = createKafka(testKafkaSettings());
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

/** Counts the messages of a topic by its offsets. */
export async function countMessages(kafka: Kafka, topic: string): Promise<number> {
  const admin = kafka.admin();
  await admin.connect();
  const offsets = await admin.fetchTopicOffsets(topic);
  await admin.disconnect();
  return offsets.reduce((sum, { high, low }) => sum + Number(high) - Number(low), 0);
}
