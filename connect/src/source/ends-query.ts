import { type KafkaSettings, toKafkaError } from '@shop/common';
import type { Admin } from 'kafkajs';
import type { Ends } from './ends-mark.ts';

/** The offset after the last message of each partition of a topic; none of one that is not there. @throws ShopError */
export function createEndsQuery(admin: Admin, settings: KafkaSettings) {
  return async (topic: string): Promise<Ends> => {
    try {
      // Opens a connection only where there is none.
      await admin.connect();
      if (!(await admin.listTopics()).includes(topic)) return new Map();
      const offsets = await admin.fetchTopicOffsets(topic);
      return new Map(offsets.map(({ partition, high }) => [partition, Number(high)]));
    } catch (error) {
      throw toKafkaError(error, settings);
    }
  };
}
