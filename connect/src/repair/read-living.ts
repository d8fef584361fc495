import { randomUUID } from 'node:crypto';
import { customerChange, pause, readJson, runConsumer, type ServiceContext, UnreadableMessage } from '@shop/common';
import type { Kafka } from 'kafkajs';

/** The ids of all customers whom the topic of changes knows and has not seen leave. Reads it from its beginning to its end. */
export async function readLiving(kafka: Kafka, topic: string, context: ServiceContext): Promise<Set<number>> {
  const admin = kafka.admin({ retry: { retries: 2 } });
  await admin.connect();
  const groupId = `${context.name}-${randomUUID()}`;
  try {
    const ends = new Map(
      (await admin.fetchTopicOffsets(topic)).map(({ partition, high }) => [partition, Number(high)]),
    );
    return await readUntil(ends, { kafka, topic, groupId }, context);
  } finally {
    await admin.disconnect();
  }
}

interface Reading {
  kafka: Kafka;
  topic: string;
  groupId: string;
}

async function readUntil(
  ends: ReadonlyMap<number, number>,
  { kafka, topic, groupId }: Reading,
  context: ServiceContext,
): Promise<Set<number>> {
  const living = new Set<number>();
  const next = new Map<number, number>();
  const note = (value: Buffer | null) => {
    if (value === null) return; // a tombstone: the deletion came before it
    try {
      const { before, after } = readJson(value, customerChange);
      if (after) living.add(after.id);
      else if (before) living.delete(before.id);
    } catch (error) {
      if (!(error instanceof UnreadableMessage)) throw error; // no change of ours
    }
  };
  const config = { groupId, readUncommitted: false, allowAutoTopicCreation: false };
  const running = await runConsumer(
    {
      kafka,
      config,
      async start(consumer) {
        await consumer.subscribe({ topic, fromBeginning: true });
        // Also for batches that held nothing but markers of transactions, which eachBatch does not get.
        consumer.on(consumer.events.END_BATCH_PROCESS, ({ payload: { partition, lastOffset } }) =>
          next.set(partition, Math.max(next.get(partition) ?? 0, Number(lastOffset) + 1)),
        );
        await consumer.run({
          autoCommit: false,
          eachBatch: async ({ batch: { messages } }) => {
            for (const { value } of messages) note(value);
          },
        });
      },
    },
    context,
  );
  try {
    const isRead = () => [...ends].every(([partition, end]) => end === 0 || (next.get(partition) ?? 0) >= end);
    while (!isRead()) if (!(await pause(50, context.signal))) throw context.signal.reason;
    return living;
  } finally {
    await running.stop();
  }
}
