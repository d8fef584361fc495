import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { describeError, type RunningConsumer, runConsumer, type ServiceContext, waitUntilDone } from '@shop/common';
import type { Admin, Batch, Consumer, Kafka } from 'kafkajs';
import { createPositions, type LostRecords, type TopicEnds } from './positions.ts';
import { type TopicRecord, toTopicRecord } from './topic-record.ts';

export interface FollowPlan {
  kafka: Kafka;
  admin: Admin;
  topics: string[];
  onRecord(record: TopicRecord): void;
  /** Records that were gone before they could be read. */
  onLost(lost: LostRecords): void;
}

export interface Following {
  /** Begins to read; waits for Kafka. */
  start(): Promise<void>;
  /**
   * Waits until everything is read that these topics hold at this moment, transactions decided.
   *
   * @returns whether it came to that in time
   */
  catchUp(topics: readonly string[], timeoutMs: number): Promise<boolean>;
  /** The offset after the last message of each partition, as it is now. @throws when Kafka does not answer */
  ends(topic: string): Promise<ReadonlyMap<number, number>>;
  /** Where each partition began when it was first seen; 0 unless messages had been deleted by age. */
  starts(topic: string): ReadonlyMap<number, number>;
  stop(): Promise<void>;
}

/**
 * Reads topics from their beginning, committed messages only, each once. Where it stands is in this process's memory: no
 * offset is committed, and the consumer group, which kafkajs cannot do without, is deleted in the end.
 */
export function followTopics(
  { kafka, admin, topics, onRecord, onLost }: FollowPlan,
  context: Pick<ServiceContext, 'name' | 'instance' | 'logger' | 'report' | 'signal' | 'fail'>,
): Following {
  const positions = createPositions();
  const groupId = `${context.name}-${context.instance}-${randomUUID()}`;

  const readEnds = async (names: readonly string[]): Promise<TopicEnds> =>
    new Map(await Promise.all(names.map(async (topic) => [topic, await admin.fetchTopicOffsets(topic)] as const)));

  async function start(consumer: Consumer): Promise<void> {
    for (const lost of positions.meet(await readEnds(topics))) onLost(lost);
    await consumer.subscribe({ topics, fromBeginning: true });
    // The event comes after every joining and before the first fetch, so nothing is read from anywhere else.
    consumer.on(consumer.events.GROUP_JOIN, ({ payload: { memberAssignment } }) => {
      for (const [topic, partitions] of Object.entries(memberAssignment))
        for (const partition of partitions)
          consumer.seek({ topic, partition, offset: String(positions.next(topic, partition)) });
    });
    // Also for batches that held nothing but markers of transactions, which eachBatch does not get.
    consumer.on(consumer.events.END_BATCH_PROCESS, ({ payload: { topic, partition, lastOffset } }) =>
      positions.moveTo(topic, partition, Number(lastOffset) + 1),
    );
    await consumer.run({
      autoCommit: false,
      eachBatchAutoResolve: false,
      eachBatch: async ({ batch, resolveOffset, heartbeat, isStale }) => {
        if (isStale()) return;
        const { topic, partition, messages } = batch;
        const [first] = messages;
        const lost =
          first &&
          positions.meetBatch(topic, partition, {
            fetched: fetchedOffsetOf(batch),
            first: Number(first.offset),
            end: Number(batch.highWatermark),
          });
        if (lost) onLost(lost);
        const next = positions.next(topic, partition);
        for (const message of messages) {
          if (Number(message.offset) < next) continue;
          onRecord(toTopicRecord(topic, partition, message));
          positions.moveTo(topic, partition, Number(message.offset) + 1);
        }
        // Past the markers of transactions too.
        resolveOffset(batch.lastOffset());
        await heartbeat();
      },
    });
  }

  const config = {
    groupId,
    readUncommitted: false,
    allowAutoTopicCreation: false,
    // Nobody waits for the audit: a few large fetches a second cost Kafka and it a fraction of many small ones.
    maxWaitTimeInMs: 500,
    minBytes: 256 * 1024,
  };
  let running: RunningConsumer | undefined;

  return {
    async start() {
      running = await runConsumer({ kafka, config, start }, context);
    },
    async catchUp(names, timeoutMs) {
      const deadline = Date.now() + timeoutMs;
      const ends = await waitUntilDone('Kafka', () => readEnds(names), context);
      for (const lost of positions.meet(ends)) onLost(lost);
      while (!positions.reached(ends)) {
        if (Date.now() > deadline) return false;
        await delay(20, undefined, { signal: context.signal });
      }
      return true;
    },
    ends: async (topic) =>
      new Map((await admin.fetchTopicOffsets(topic)).map(({ partition, high }) => [partition, Number(high)])),
    starts: positions.starts,
    async stop() {
      await running?.stop();
      try {
        await admin.deleteGroups([groupId]);
      } catch (error) {
        // Kafka forgets a group without members by itself, only later.
        context.logger.debug({ group: groupId, reason: describeError(error) }, 'the consumer group is left to Kafka');
      }
    },
  };
}

/** Where a fetch began; not among the published types. */
const fetchedOffsetOf = (batch: Batch) => Number((batch as Batch & { fetchedOffset: string }).fetchedOffset);
