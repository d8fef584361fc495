import { randomUUID } from 'node:crypto';
import { pause, runConsumer, type ServiceContext } from '@shop/common';
import type { Kafka } from 'kafkajs';

/** Where a message is in its topic. */
export interface Place {
  partition: number;
  offset: string;
}

export interface Reading {
  kafka: Kafka;
  topic: string;
  onMessage(key: Buffer | null, value: Buffer | null, place: Place): void;
}

/**
 * Reads the committed messages of a topic from its beginning to its current end. A topic that does not exist counts as empty.
 */
export async function readToEnd({ kafka, topic, onMessage }: Reading, context: ServiceContext): Promise<void> {
  const admin = kafka.admin({ retry: { retries: 2 } });
  await admin.connect();
  try {
    if (!(await admin.listTopics()).includes(topic)) return;
    const ends = new Map(
      (await admin.fetchTopicOffsets(topic))
        .filter(({ low, high }) => low !== high)
        .map(({ partition, high }) => [partition, Number(high)]),
    );
    // Joining a group takes seconds on some clusters, and there may be nothing to read.
    if (ends.size > 0) await readUntil(ends, { kafka, topic, onMessage }, context);
  } finally {
    await admin.disconnect();
  }
}

async function readUntil(
  ends: ReadonlyMap<number, number>,
  { kafka, topic, onMessage }: Reading,
  context: ServiceContext,
): Promise<void> {
  const next = new Map<number, number>();
  const config = {
    groupId: `${context.name}-${randomUUID()}`,
    readUncommitted: false,
    allowAutoTopicCreation: false,
  };
  const running = await runConsumer(
    {
      kafka,
      config,
      async start(consumer) {
        await consumer.subscribe({ topic, fromBeginning: true });
        // Also sent for batches with only transaction markers, for which eachBatch is not called.
        consumer.on(consumer.events.END_BATCH_PROCESS, ({ payload: { partition, lastOffset } }) =>
          next.set(partition, Math.max(next.get(partition) ?? 0, Number(lastOffset) + 1)),
        );
        await consumer.run({
          autoCommit: false,
          eachBatch: async ({ batch: { partition, messages } }) => {
            for (const { key, value, offset } of messages) onMessage(key, value, { partition, offset });
          },
        });
      },
    },
    context,
  );
  try {
    const isRead = () => [...ends].every(([partition, end]) => (next.get(partition) ?? 0) >= end);
    while (!isRead()) if (!(await pause(50, context.signal))) throw context.signal.reason;
  } finally {
    await running.stop();
  }
}
