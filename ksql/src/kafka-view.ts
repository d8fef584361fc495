import { hasKafkaType, type KafkaSettings, toKafkaError } from '@shop/common';
import type { Kafka } from 'kafkajs';
import type { QueryPosition } from './query-progress.ts';

/** What Kafka shows of ksqlDB's queries. */
export interface KafkaView {
  /** The names of all topics. @throws ShopError */
  listTopics(): Promise<Set<string>>;
  /** Where a consumer group is in these topics; undefined when Kafka does not allow reading groups. @throws ShopError */
  readPositions(group: string, topics: readonly string[]): Promise<QueryPosition[] | undefined>;
  close(): Promise<void>;
}

export function createKafkaView(kafka: Kafka, settings: KafkaSettings): KafkaView {
  const admin = kafka.admin({ retry: { retries: 2 } });

  async function ask<T>(question: () => Promise<T>): Promise<T> {
    try {
      // Opens a connection only when there is none.
      await admin.connect();
      return await question();
    } catch (error) {
      throw toKafkaError(error, settings);
    }
  }

  async function readTopic(group: string, topic: string): Promise<QueryPosition[]> {
    const ends = await admin.fetchTopicOffsets(topic);
    const [found] = await admin.fetchOffsets({ groupId: group, topics: [topic] });
    const offsets = new Map(found?.partitions.map(({ partition, offset }) => [partition, Number(offset)]));
    return ends.map(({ partition, low, high }) => {
      const offset = offsets.get(partition) ?? -1;
      const committed = offset < 0 ? undefined : offset;
      return { topic, partition, committed, start: Number(low), end: Number(high) };
    });
  }

  return {
    listTopics: () => ask(async () => new Set(await admin.listTopics())),
    readPositions: (group, topics) =>
      ask(async () => {
        try {
          return (await Promise.all(topics.map((topic) => readTopic(group, topic)))).flat();
        } catch (error) {
          if (hasKafkaType(error, 'GROUP_AUTHORIZATION_FAILED')) return undefined;
          throw error;
        }
      }),
    close: () => admin.disconnect(),
  };
}
