import { ensureTopics, hasKafkaType } from '@shop/common';
import type { Admin } from 'kafkajs';
import type { KafkaSession } from './session.ts';

/** The topic's partition count; undefined if the topic does not exist. */
export async function partitionCount(admin: Admin, topic: string): Promise<number | undefined> {
  try {
    const { topics } = await admin.fetchTopicMetadata({ topics: [topic] });
    return topics[0]?.partitions.length;
  } catch (error) {
    if (hasKafkaType(error, 'UNKNOWN_TOPIC_OR_PARTITION', 'INVALID_TOPIC_EXCEPTION')) return undefined;
    throw error;
  }
}

export async function createTopic(
  { kafka, settings, context }: KafkaSession,
  topic: string,
  partitions: number,
  config: Record<string, string>,
): Promise<void> {
  await ensureTopics(kafka, settings, [{ topic, partitions, config }], context);
}

/** The first and end offset of each partition. */
export async function offsetsOf(
  admin: Admin,
  topic: string,
): Promise<{ partition: number; low: number; high: number }[]> {
  const offsets = await admin.fetchTopicOffsets(topic);
  return offsets.map(({ partition, low, high }) => ({ partition, low: Number(low), high: Number(high) }));
}
