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
  /** Called when records were deleted before they were read, or a topic was recreated. */
  onLost(lost: LostRecords): void;
}

export interface TopicFollower {
  /** Starts to read. Waits for Kafka. */
  start(): Promise<void>;
  /**
   * Waits until everything is read that these topics hold now, and its transactions are decided.
   *
   * @returns whether that happened in time
   */
  catchUp(topics: readonly string[], timeoutMs: number): Promise<boolean>;
  /** The current end offset of each partition. @throws when Kafka does not answer */
  ends(topic: string): Promise<ReadonlyMap<number, number>>;
  /** Offset at which each partition began when it was first seen: 0 unless messages had been deleted by age. */
  starts(topic: string): ReadonlyMap<number, number>;
  stop(): Promise<void>;
}

/**
 * Reads the committed messages of topics from their beginning, each once. Positions are kept in memory and no offset is
 * committed. kafkajs requires a consumer group, which is deleted at the end.
 */
export function followTopics(
  { kafka, admin, topics, onRecord, onLost }: FollowPlan,
  context: Pick<ServiceContext, 'name' | 'instance' | 'logger' | 'report' | 'signal' | 'fail'>,
): TopicFollower {
  const positions = createPositions();
  const groupId = `${context.name}-${context.instance}-${randomUUID()}`;

  const readEnds = async (names: readonly string[]): Promise<TopicEnds> =>
    new Map(await Promise.all(names.map(async (topic) => [topic, await admin.fetchTopicOffsets(topic)] as const)));

  async function start(consumer: Consumer): Promise<void> {
    for (const lost of positions.update(await readEnds(topics))) onLost(lost);
    await consumer.subscribe({ topics, fromBeginning: true });
    // The event comes after each join and before the first fetch, so no message is read from another position.
    consumer.on(consumer.events.GROUP_JOIN, ({ payload: { memberAssignment } }) => {
      for (const [topic, partitions] of Object.entries(memberAssignment))
        for (const partition of partitions)
          consumer.seek({ topic, partition, offset: String(positions.next(topic, partition)) });
    });
    // Includes batches of transaction markers only, which eachBatch does not receive.
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
          positions.checkBatch(topic, partition, {
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
        // Skips transaction markers too.
        resolveOffset(batch.lastOffset());
        await heartbeat();
      },
    });
  }

  const config = {
    groupId,
    readUncommitted: false,
    allowAutoTopicCreation: false,
    // The audit is not urgent, and a few large fetches a second cost a fraction of many small ones.
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
      for (const lost of positions.update(ends)) onLost(lost);
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
        // Kafka deletes a group without members later by itself.
        context.logger.debug(
          { group: groupId, reason: describeError(error) },
          'consumer group not deleted, Kafka deletes it later',
        );
      }
    },
  };
}

/** The offset at which the fetch began. kafkajs's types do not have it. */
const fetchedOffsetOf = (batch: Batch) => Number((batch as Batch & { fetchedOffset: string }).fetchedOffset);
