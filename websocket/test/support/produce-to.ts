import { readTopics, shopTopicNames } from '@shop/common';
import { createTopics, openTestKafka } from '@shop/test-support';
import type { ShopMessage } from './simulate-shop.ts';

const definitions = Object.values(readTopics({}));

/** As the services create it. Results of commands are in one partition, so they stay in order. */
const partitionsOf = (name: string): number => definitions.find(({ topic }) => topic === name)?.partitions ?? 6;

/** Connects a client that sends the shop's messages, and creates the topics that are missing. */
export async function produceTo(broker: string, topics: readonly string[] = shopTopicNames) {
  const kafka = await openTestKafka(broker);
  const present = await kafka.admin.listTopics();
  const missing = topics.filter((topic) => !present.includes(topic));
  for (const count of new Set(missing.map(partitionsOf))) {
    const alike = missing.filter((topic) => partitionsOf(topic) === count);
    await createTopics(kafka.admin, alike, count);
  }
  return {
    ...kafka,
    async send(messages: ShopMessage[]): Promise<void> {
      const topicMessages = messages.map(({ topic, ...message }) => ({ topic, messages: [message] }));
      if (topicMessages.length > 0) await kafka.producer.sendBatch({ topicMessages });
    },
  };
}
