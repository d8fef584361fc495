import { type KafkaSettings, toKafkaError } from '@shop/common';
import type { Admin } from 'kafkajs';
import type { Ends } from './ends-mark.ts';

/** Reads the end offset of each partition of a topic; none when the topic does not exist. @throws ShopError */
export function createEndsQuery(admin: Admin, settings: KafkaSettings) {
  return async (topic: string): Promise<Ends> => {
    try {
      // Connects only when there is no connection yet.
      await admin.connect();
      if (!(await admin.listTopics()).includes(topic)) return new Map();
      const offsets = await admin.fetchTopicOffsets(topic);
      return new Map(offsets.map(({ partition, high }) => [partition, Number(high)]));
    } catch (error) {
      throw toKafkaError(error, settings);
    }
  };
}
