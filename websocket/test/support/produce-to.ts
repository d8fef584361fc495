import { shopTopicNames } from '@shop/common';
import { createTopics, openTestKafka } from '@shop/test-support';
import type { ShopMessage } from './simulate-shop.ts';

/** Connects a client that sends the shop's messages, and creates the topics that are missing. */
export async function produceTo(broker: string, topics: readonly string[] = shopTopicNames) {
  const kafka = await openTestKafka(broker);
  const present = await kafka.admin.listTopics();
  const missing = topics.filter((topic) => !present.includes(topic));
  if (missing.length > 0) await createTopics(kafka.admin, missing, 6);
  return {
    ...kafka,
    async send(messages: ShopMessage[]): Promise<void> {
      const topicMessages = messages.map(({ topic, ...message }) => ({ topic, messages: [message] }));
      if (topicMessages.length > 0) await kafka.producer.sendBatch({ topicMessages });
    },
  };
}
