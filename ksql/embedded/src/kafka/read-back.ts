import { toKafkaError, waitUntilDone } from '@shop/common';
import type { TopicMessages } from 'kafkajs';
import { deferred } from '../engine/deferred.ts';
import { type Committer, CommitUnclear } from './committer.ts';
import type { KafkaSession } from './session.ts';
import { type ReadMessage, startTopicReader } from './topic-reader.ts';

export interface TopicPartitions {
  readonly topic: string;
  readonly partitions: number;
}

export type OnRecord = (topic: string, partition: number, message: ReadMessage) => void;

const barrierKey = 'barrier';

/**
 * Reads this server's topics from beginning to end. It first writes a barrier record, which marks the end. An offset
 * cannot, because transaction markers and compaction leave gaps. `readToEnd` would be too slow: it joins a group for
 * each topic, which takes seconds on some clusters.
 */
export async function readBack(
  session: KafkaSession,
  committer: Committer,
  topics: readonly TopicPartitions[],
  onRecord: OnRecord,
): Promise<void> {
  const barrier = crypto.randomUUID();
  const partitions = topics.flatMap(({ topic, partitions: count }) =>
    Array.from({ length: count }, (_, partition) => ({ topic, partition })),
  );
  const barriers = topics.map(({ topic, partitions: count }) => ({
    topic,
    messages: Array.from({ length: count }, (_, partition) => ({ key: barrierKey, value: barrier, partition })),
  }));
  await waitUntilDone('Kafka', () => commitBarriers(session, committer, barriers), session.context);
  const open = new Set(partitions.map(({ topic, partition }) => `${topic}/${partition}`));
  const next = new Map(partitions.map((each) => [`${each.topic}/${each.partition}`, { ...each, offset: 0 }]));
  const { promise, resolve } = deferred<void>();
  const reader = await startTopicReader(session, {
    purpose: 'read-back',
    topics: topics.map(({ topic }) => topic),
    positions: () => next.values(),
    async onBatch({ topic, partition, messages, nextOffset }) {
      const place = `${topic}/${partition}`;
      const from = next.get(place)?.offset ?? 0;
      for (const message of messages) {
        if (Number(message.offset) < from || !open.has(place)) continue;
        if (message.key?.toString() !== barrierKey) onRecord(topic, partition, message);
        else if (message.value?.toString() === barrier) open.delete(place);
      }
      next.set(place, { topic, partition, offset: Math.max(from, nextOffset) });
      if (open.size === 0) resolve();
    },
  });
  const { signal } = session.context;
  const aborted = deferred<never>();
  const onAbort = (): void => aborted.reject(signal.reason);
  signal.addEventListener('abort', onAbort, { once: true });
  try {
    if (topics.length > 0) await Promise.race([promise, aborted.promise]);
  } finally {
    signal.removeEventListener('abort', onAbort);
    await reader.stop();
  }
}

/** Commits the barriers; the caller retries while the transaction coordinator starts. A second barrier does no harm. */
async function commitBarriers(
  { settings }: KafkaSession,
  committer: Committer,
  barriers: TopicMessages[],
): Promise<void> {
  try {
    await committer.commit(barriers);
  } catch (error) {
    if (!(error instanceof CommitUnclear)) throw error;
    await committer.reopen();
    throw toKafkaError(error, settings);
  }
}
