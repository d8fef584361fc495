import { setTimeout as delay } from 'node:timers/promises';
import { type Logger, ShopError } from '@shop/common';
import { type Admin, type Kafka, Partitioners, type Producer } from 'kafkajs';
import type { BatchResult } from './batch.ts';
import { splitBySize } from './split-by-size.ts';

/** Transaction time-out: when an instance dies and no other one takes over its partition, Kafka aborts after this time. */
const transactionTimeoutMs = 30_000;

/** 13 s: longer than Kafka takes to elect new leaders for a killed broker's partitions. */
const failoverRetry = { initialRetryTime: 100, maxRetryTime: 2_000, retries: 10 };

export interface SessionPlan {
  kafka: Kafka;
  /** Shared by all sessions. */
  admin: Admin;
  logger: Logger;
  topic: string;
  groupId: string;
  /** Counts messages that were deleted before they were handled. */
  countLost(messages: number): void;
  /** How far back to read messages before the committed offset, in ms; 0 disables it. */
  readBackMs: number;
  /** Maximum number of messages to read back. */
  readBackLimit: number;
  /** Time until offsets in doubt are read again, ms. */
  confirmMs: number;
}

/** One assignment of one input partition: from fencing the former owner to the first error or the next assignment. */
export interface PartitionSession {
  /** The first message not handled yet. */
  readonly committed: bigint;
  /** Where reading starts: `committed`, or earlier to fill the window of duplicates. */
  readonly readFrom: bigint;
  /**
   * Writes the result and moves to `nextOffset` in one transaction. After an error the session is of no use: whether
   * the transaction was committed is known only to the next session.
   */
  commit(result: BatchResult, nextOffset: string): Promise<void>;
  close(): Promise<void>;
}

/**
 * Takes over a partition. Kafka allows one live producer per transactional id: initialising a new one aborts the former owner's
 * open transaction and fences it. Only then is the committed offset final.
 */
export async function openPartitionSession(plan: SessionPlan, partition: number): Promise<PartitionSession> {
  const { kafka, topic, groupId } = plan;
  const producer = kafka.producer({
    transactionalId: `${groupId}-${topic}-${partition}`,
    transactionTimeout: transactionTimeoutMs,
    maxInFlightRequests: 1,
    allowAutoTopicCreation: false,
    createPartitioner: Partitioners.DefaultPartitioner,
    retry: failoverRetry,
  });
  try {
    await producer.connect();
    // kafkajs initialises the producer with its first transaction; an empty one reaches no broker when it ends.
    await (await producer.transaction()).abort();
    const offsets = await readOffsets(plan, partition);
    if (offsets.lost > 0n) {
      plan.countLost(Number(offsets.lost));
      plan.logger.error(
        { topic, partition, lost: Number(offsets.lost) },
        'messages were deleted before they were handled',
      );
    }
    return {
      ...offsets,
      commit: (result, nextOffset) => commit(producer, plan, partition, result, nextOffset),
      close: () => producer.disconnect(),
    };
  } catch (error) {
    await producer.disconnect();
    throw error;
  }
}

/** Offsets of a partition as one reading of Kafka's answers gives them. */
interface OffsetsRead {
  committed: bigint;
  lost: bigint;
  low: bigint;
  /** Why the session would start from the beginning although the group has handled messages; undefined otherwise. */
  doubt: string | undefined;
}

/**
 * Reads where the session starts. While brokers restart, single answers were wrong: shipping-service started from the beginning
 * once, and shipped 3,040 orders again. So a start from the beginning needs two answers that agree.
 */
async function readOffsets(plan: SessionPlan, partition: number) {
  const { admin, logger, topic, readBackMs, readBackLimit, confirmMs } = plan;
  let read = await readOnce(plan, partition);
  if (read.doubt !== undefined) {
    logger.warn({ topic, partition, reason: read.doubt }, 'the committed offset is in doubt, reading it again');
    await delay(confirmMs);
    read = await readOnce(plan, partition);
  }
  const { committed, lost, low } = read;
  if (readBackMs === 0) return { committed, readFrom: committed, lost };
  const window = await admin.fetchTopicOffsetsByTimestamp(topic, Date.now() - readBackMs);
  const windowStart = BigInt(window.find((each) => each.partition === partition)?.offset ?? '0');
  const readFrom = [low, windowStart, committed - BigInt(readBackLimit)].reduce((a, b) => (a > b ? a : b));
  return { committed, readFrom: readFrom < committed ? readFrom : committed, lost };
}

/** @throws ShopError when an answer lacks the partition */
async function readOnce({ admin, topic, groupId }: SessionPlan, partition: number): Promise<OffsetsRead> {
  const [[answer], bounds] = await Promise.all([
    admin.fetchOffsets({ groupId, topics: [topic] }),
    admin.fetchTopicOffsets(topic),
  ]);
  const found = answer?.partitions.find((each) => each.partition === partition)?.offset;
  const bound = bounds.find((each) => each.partition === partition);
  if (found === undefined || !bound)
    throw new ShopError('partition_missing', `Kafka's answer lacks partition ${partition} of ${topic}`);
  const low = BigInt(bound.low);
  const position = BigInt(found);
  const isFirstStart = answer?.partitions.every(({ offset }) => BigInt(offset) < 0n);
  const isNew = position < 0n && (isFirstStart || low === BigInt(bound.high));
  if (position < 0n)
    return {
      committed: low,
      lost: 0n,
      low,
      doubt: isNew ? undefined : 'the group has no offset of this partition',
    };
  // An offset beyond the end belongs to a deleted topic. The recreated one starts from its beginning.
  if (position > BigInt(bound.high))
    return { committed: low, lost: 0n, low, doubt: `offset ${found} is beyond the end ${bound.high}` };
  const committed = position < low ? low : position;
  return { committed, lost: committed - position, low, doubt: undefined };
}

async function commit(
  producer: Producer,
  { topic, groupId }: SessionPlan,
  partition: number,
  result: BatchResult,
  nextOffset: string,
) {
  const transaction = await producer.transaction();
  try {
    for (const write of splitBySize(result.writes)) await transaction.send({ ...write, acks: -1 });
    await transaction.sendOffsets({
      consumerGroupId: groupId,
      topics: [{ topic, partitions: [{ partition, offset: nextOffset }] }],
    });
  } catch (error) {
    // Keep the first error. A fenced or disconnected producer cannot abort; Kafka aborts its transaction.
    await transaction.abort().catch((abortError: Error) => {
      if (error instanceof Error) error.cause ??= abortError;
    });
    throw error;
  }
  await transaction.commit();
}
