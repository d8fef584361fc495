import { createIdempotentProducer, createKafka, shopTopicNames } from '@shop/common';
import type { ShopMessage } from './simulate-shop.ts';

/** A producer to the topics of the shop, which are made if they are missing. */
export async function produceTo(broker: string, topics: readonly string[] = shopTopicNames) {
  const kafka = createKafka({ brokers: [broker], source: { brokers: broker, login: broker } });
  const admin = kafka.admin();
  await admin.connect();
  const present = await admin.listTopics();
  const missing = topics.filter((topic) => !present.includes(topic));
  await admin.createTopics({
    waitForLeaders: true,
    topics: missing.map((topic) => ({ topic, numPartitions: 6, replicationFactor: -1 })),
  });
  const producer = createIdempotentProducer(kafka);
  await producer.connect();

  return {
    kafka,
    admin,
    async send(messages: ShopMessage[]): Promise<void> {
      const topicMessages = messages.map(({ topic, ...message }) => ({ topic, messages: [message] }));
      if (topicMessages.length > 0) await producer.sendBatch({ topicMessages });
    },
    async close(): Promise<void> {
      await producer.disconnect();
      await admin.disconnect();
    },
  };
}
