import { findUnreadableBatch, type RunningConsumer, runConsumer, waitUntilDone } from '@shop/common';
import type { Batch as KafkaBatch } from 'kafkajs';
import type { KafkaSession } from './session.ts';

export interface ReadMessage {
  readonly key: Buffer | null;
  readonly value: Buffer | null;
  /** A decimal text. */
  readonly offset: string;
  /** Milliseconds since 1970, as a decimal text. */
  readonly timestamp: string;
}

export interface Batch {
  readonly topic: string;
  readonly partition: number;
  readonly messages: readonly ReadMessage[];
  /** The offset after the last record, control records included. */
  readonly nextOffset: number;
}

export interface TopicReaderOptions {
  readonly purpose: string;
  readonly topics: readonly string[];
  /** Whether to wait for more records, up to half a second, before delivering a batch. */
  readonly gathers?: boolean;
  /** Returns the offsets at which to continue. Called at each assignment of partitions. */
  readonly positions: () => Iterable<{ readonly topic: string; readonly partition: number; readonly offset: number }>;
  /** Handles a batch. The partition's next records are fetched when it resolves. */
  readonly onBatch: (batch: Batch) => Promise<void>;
  /** Topics that are paused until the others have been read, and how to wait for that. */
  readonly heldBack?: { readonly topics: readonly string[]; readonly until: () => Promise<void> };
  /** Called after transaction markers and aborted records were skipped. */
  readonly onSkipped?: (topic: string, partition: number, nextOffset: number) => void;
  /** Called before the first batch of a recreated topic's partition. */
  readonly onRecreated?: (topic: string, partition: number) => void;
}

/** How long a fetch waits for records, ms. It limits the time to stop, and how long a gathering reader waits. */
const fetchWaitMs = 500;
/** Number of bytes at which a gathering reader stops waiting. */
const gatheredBytes = 64 * 1024;
/** Limits a round's records, so that pull queries do not wait long for the event loop. */
const bytesPerPartition = 256 * 1024;

/**
 * Reads the committed records of all partitions of some topics, from positions that the caller keeps. kafkajs can read
 * only as a member of a group, so each reader has its own group and commits nothing there. `followTopics` does not fit:
 * it moves positions itself, whereas a query's positions move when its transaction commits.
 */
export function startTopicReader(
  { kafka, names, context }: KafkaSession,
  options: TopicReaderOptions,
): Promise<RunningConsumer> {
  const config = () => ({
    groupId: names.readerGroup(options.purpose),
    readUncommitted: false,
    allowAutoTopicCreation: false,
    maxWaitTimeInMs: fetchWaitMs,
    minBytes: options.gathers ? gatheredBytes : 1,
    maxBytesPerPartition: bytesPerPartition,
    sessionTimeout: 30_000,
    retry: { initialRetryTime: 100, maxRetryTime: 2_000 },
  });
  const positionOf = (topic: string, partition: number): number => {
    for (const place of options.positions())
      if (place.topic === topic && place.partition === partition) return place.offset;
    return 0;
  };
  /** Whether the topic was recreated: its end is before the position, so kafkajs restarted at the first offset. */
  const isAnew = ({ topic, partition, messages, highWatermark }: KafkaBatch): boolean => {
    const position = positionOf(topic, partition);
    return Number(messages[0]?.offset ?? position) < position && position > Number(highWatermark);
  };
  const held = options.heldBack?.topics.map((topic) => ({ topic })) ?? [];
  let isHeld = held.length > 0;
  return runConsumer(
    {
      kafka,
      config,
      async start(consumer) {
        // kafkajs forgets its positions when it rejoins the group, so set them after each join.
        consumer.on(consumer.events.GROUP_JOIN, () => {
          for (const { topic, partition, offset } of options.positions())
            consumer.seek({ topic, partition, offset: String(offset) });
          if (isHeld) consumer.pause(held);
        });
        consumer.on(consumer.events.END_BATCH_PROCESS, ({ payload: { topic, partition, lastOffset } }) =>
          options.onSkipped?.(topic, partition, Number(lastOffset) + 1),
        );
        let isStopped = false;
        consumer.on(consumer.events.STOP, () => {
          isStopped = true;
        });
        await consumer.subscribe({ topics: [...options.topics], fromBeginning: true });
        await consumer.run({
          autoCommit: false,
          partitionsConsumedConcurrently: 64,
          eachBatch: ({ batch }) => {
            const { topic, partition, messages } = batch;
            if (isAnew(batch)) {
              context.logger.error(
                { topic, partition },
                'the topic was recreated; its earlier messages are not read again',
              );
              options.onRecreated?.(topic, partition);
            }
            const readable = messages.filter((message) => {
              const unreadable = findUnreadableBatch(message);
              if (unreadable) {
                const { cause: err, ...offsets } = unreadable;
                context.logger.error({ topic, partition, ...offsets, err }, 'batch cannot be decoded, skipping it');
              }
              return !unreadable;
            });
            return options.onBatch({
              topic,
              partition,
              messages: readable,
              nextOffset: Number(batch.lastOffset()) + 1,
            });
          },
        });
        const { heldBack } = options;
        if (heldBack === undefined || !isHeld) return;
        waitUntilDone('Kafka', heldBack.until, context)
          .then(() => {
            isHeld = false;
            if (!isStopped) consumer.resume(held);
          })
          .catch((error: unknown) => context.signal.aborted || context.fail(error));
      },
    },
    context,
  );
}
