import { randomUUID } from 'node:crypto';
import type { Kafka, KafkaMessage } from 'kafkajs';
import type { Scope } from './scope.ts';

export interface Following {
  /** Messages read so far. */
  messages: KafkaMessage[];
  /** Resolves with the first `count` messages. */
  reach(count: number): Promise<KafkaMessage[]>;
}

/** Reads the committed messages of an existing topic from its beginning, until the test ends. */
export async function followTopic(t: Scope, kafka: Kafka, topic: string): Promise<Following> {
  const messages: KafkaMessage[] = [];
  const next = new Map<number, bigint>();
  const listeners = new Set<() => void>();
  const consumer = kafka.consumer({ groupId: `test-${randomUUID()}`, maxWaitTimeInMs: 100 });
  await consumer.connect();
  t.after(() => consumer.disconnect());
  await consumer.subscribe({ topic, fromBeginning: true });
  await consumer.run({
    autoCommit: false,
    eachBatch: async ({ batch: { partition, messages: batch } }) => {
      // This group commits no offsets, so it starts over after a rebalance: skip what was read before.
      for (const message of batch) {
        if (BigInt(message.offset) < (next.get(partition) ?? 0n)) continue;
        next.set(partition, BigInt(message.offset) + 1n);
        messages.push(message);
      }
      for (const listen of listeners) listen();
    },
  });
  return {
    messages,
    reach: (count) =>
      new Promise((resolve) => {
        const listen = () => {
          if (messages.length >= count) resolve(messages.slice(0, count));
        };
        listeners.add(listen);
        listen();
      }),
  };
}
