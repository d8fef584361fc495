import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import {
  describeError,
  openAdmin,
  type RunningConsumer,
  runConsumer,
  type ServiceContext,
  waitUntilDone,
} from '@shop/common';
import type { Admin, Batch, Consumer, Kafka, KafkaMessage } from 'kafkajs';
import { type Backlog, createTopicPositions, type LostOffsets } from './topic-positions.ts';

export interface LiveReading {
  kafka: Kafka;
  topics: string[];
  backlog?: Backlog;
  /** `past` marks what was in the topic before this process started. */
  onMessage(topic: string, partition: number, message: KafkaMessage, past: boolean): void;
  onLost(lost: LostOffsets): void;
}

type Context = Pick<ServiceContext, 'name' | 'instance' | 'logger' | 'report' | 'signal' | 'fail' | 'onClose'>;

type BatchContents = Pick<Batch, 'topic' | 'partition' | 'messages'> & { lastOffset: number };

/** How often to look for topics and partitions that were not there before. */
const lookEveryMs = 2_000;

/**
 * Reads topics from their end, committed messages only, until the service ends. Topics may appear later: they are then
 * read from their beginning.
 *
 * kafkajs reads only as a member of a consumer group, so every consumer is the one member of a group that is its own,
 * commits nothing, and has its group deleted after it.
 */
export async function readLive(reading: LiveReading, context: Context): Promise<void> {
  const admin = await openAdmin(reading.kafka, context, { retry: { retries: 2 } });
  const positions = createTopicPositions(reading.backlog);
  const groups = createOwnGroups(admin, context);
  let shape = '';
  let running: RunningConsumer | undefined;

  function deliver({ topic, partition, messages, lastOffset }: BatchContents): void {
    const [first] = messages;
    const lost = first && positions.noteBatch(topic, partition, Number(first.offset));
    if (lost) reading.onLost(lost);
    for (const message of messages) {
      const offset = Number(message.offset);
      positions.moveTo(topic, partition, offset + 1);
      reading.onMessage(topic, partition, message, positions.isPast(topic, partition, offset));
    }
    // Past the markers of transactions too.
    positions.moveTo(topic, partition, lastOffset + 1);
  }

  const start = async (consumer: Consumer) => {
    const present = await listPresent(admin, reading.topics);
    for (const lost of await positions.refresh(admin, present.topics)) reading.onLost(lost);
    shape = present.shape;
    await consumer.subscribe({ topics: present.topics, fromBeginning: true });
    // The event comes after every joining and before the first fetch, so nothing is read from anywhere else.
    consumer.on(consumer.events.GROUP_JOIN, ({ payload: { memberAssignment } }) => {
      for (const [topic, partitions] of Object.entries(memberAssignment))
        for (const partition of partitions) {
          const offset = positions.next(topic, partition);
          if (offset !== undefined) consumer.seek({ topic, partition, offset: String(offset) });
        }
    });
    await consumer.run({
      autoCommit: false,
      eachBatchAutoResolve: false,
      eachBatch: async ({ batch, resolveOffset, heartbeat, isStale }) => {
        if (isStale()) return;
        deliver({ ...batch, lastOffset: Number(batch.lastOffset()) });
        resolveOffset(batch.lastOffset());
        await heartbeat();
      },
    });
    await groups.deleteFormer();
    context.logger.info({ topics: present.topics }, 'reading topics');
  };

  async function keepUp(): Promise<void> {
    while (!context.signal.aborted) {
      const found = await waitUntilDone('Kafka topics', () => listPresent(admin, reading.topics), context);
      if (found.shape !== shape && found.topics.length > 0) {
        await running?.stop();
        running = await runConsumer({ kafka: reading.kafka, config: groups.nextConfig, start }, context);
      }
      await delay(lookEveryMs, undefined, { signal: context.signal });
    }
  }

  const keeping = keepUp().catch((error) => {
    if (!context.signal.aborted) context.fail(error);
  });
  context.onClose(async () => {
    await keeping;
    await running?.stop();
    await groups.deleteAll();
  });
}

/** Those of the topics that exist, and a text that changes when one appears, vanishes or gets more partitions. */
async function listPresent(admin: Admin, topics: string[]): Promise<{ topics: string[]; shape: string }> {
  const names = new Set(await admin.listTopics());
  const present = topics.filter((topic) => names.has(topic));
  if (present.length === 0) return { topics: [], shape: '' };
  const metadata = await admin.fetchTopicMetadata({ topics: present });
  const shape = metadata.topics.map(({ name, partitions }) => `${name}:${partitions.length}`).sort();
  return { topics: present, shape: shape.join() };
}

/** Groups that could not be deleted and are remembered. */
const mostGroups = 20;

/** Consumer groups with one member each, and their removal. */
function createOwnGroups(admin: Admin, { name, instance, logger }: Context) {
  const made: string[] = [];

  async function deleteGroups(groupIds: string[]): Promise<void> {
    if (groupIds.length === 0) return;
    try {
      await admin.deleteGroups(groupIds);
    } catch (error) {
      // Tried again with the next ones; and Kafka forgets a group without members and offsets by itself, only later.
      made.unshift(...groupIds.slice(-mostGroups));
      logger.debug({ groups: groupIds, reason: describeError(error) }, 'consumer groups are left for Kafka to remove');
    }
  }

  return {
    nextConfig: () => {
      const groupId = `${name}-${instance}-${randomUUID()}`;
      made.push(groupId);
      return {
        groupId,
        readUncommitted: false,
        allowAutoTopicCreation: false,
        // As often as the page draws: every fetch asks for all partitions, and many small ones cost Kafka the most.
        maxWaitTimeInMs: 250,
        minBytes: 64 * 1024,
      };
    },
    deleteFormer: () => deleteGroups(made.splice(0, made.length - 1)),
    deleteAll: () => deleteGroups(made.splice(0)),
  };
}
