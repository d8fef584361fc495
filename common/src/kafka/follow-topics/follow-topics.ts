import { setTimeout as delay } from 'node:timers/promises';
import type { Admin, Consumer, ConsumerConfig, Kafka } from 'kafkajs';
import { pause } from '../../service/pause.ts';
import type { ServiceContext } from '../../service/run-service.ts';
import { waitUntilDone } from '../../service/wait-until-done.ts';
import { describeError, ShopError } from '../../shop-error.ts';
import { type RunningConsumer, runConsumer } from '../run-consumer.ts';
import { createOwnGroups } from './own-groups.ts';
import { type RecordHandlers, readAssigned } from './read-assigned.ts';
import { findStartOffsets, listPresent, readEnds, type StartAt } from './topic-offsets.ts';
import { createTopicPositions, type TopicEnds } from './topic-positions.ts';

export interface FollowPlan extends RecordHandlers {
  kafka: Kafka;
  /** Connected. The caller closes it after the follower. */
  admin: Admin;
  topics: readonly string[];
  /** Where to start in a topic that exists at the start: by default at its beginning, as in a topic that is created later. */
  startAt?(topic: string): StartAt;
  /** How long Kafka gathers records for a fetch. Few large fetches cost less than many small ones. */
  fetch?: Pick<ConsumerConfig, 'maxWaitTimeInMs' | 'minBytes'>;
}

export interface TopicFollower {
  /** Starts to read. Waits for Kafka, but not for missing topics: they are read as soon as they exist. */
  start(): Promise<void>;
  /**
   * Waits until everything is read that these topics hold now, up to the first transaction that is not decided.
   *
   * @returns whether that happened in time
   */
  catchUp(topics: readonly string[], timeoutMs: number): Promise<boolean>;
  /** Waits until everything is read up to these end offsets. @returns whether that happened in time */
  reach(ends: TopicEnds, timeoutMs: number): Promise<boolean>;
  /** The current end offset of each partition. @throws when Kafka does not answer */
  ends(topic: string): Promise<ReadonlyMap<number, number>>;
  /** Offset at which each partition began when it was first seen: 0 unless messages had been deleted by age. */
  starts(topic: string): ReadonlyMap<number, number>;
  stop(): Promise<void>;
}

export type FollowContext = Pick<ServiceContext, 'name' | 'instance' | 'logger' | 'report' | 'signal' | 'fail'>;

/** How often to look for topics and partitions that were added or deleted, ms. */
const lookEveryMs = 2_000;
/** Time to leave the group and delete it, ms. Without a broker, both would use up the time that the service has to stop. */
const stopMs = 5_000;

/**
 * Reads the committed records of topics, each once, until it is stopped. Positions are kept in memory and no offset is
 * committed. Topics may be created, deleted and recreated meanwhile.
 */
export function followTopics(plan: FollowPlan, context: FollowContext): TopicFollower {
  const { kafka, admin, startAt = () => 'beginning' } = plan;
  const { logger } = context;
  const stopping = new AbortController();
  const own = { ...context, signal: AbortSignal.any([context.signal, stopping.signal]) };
  const positions = createTopicPositions();
  const groups = createOwnGroups(admin, `${context.name}-${context.instance}`, logger);
  /** Topics that exist at the start and have no position yet. */
  const unstarted = new Set<string>();
  /** What the consumer reads. */
  let shape = '';
  let running: RunningConsumer | undefined;
  let watching: Promise<void> | undefined;

  async function refresh(topics: readonly string[]): Promise<TopicEnds> {
    const ends = await readEnds(admin, topics);
    const first = new Map([...ends].filter(([topic]) => unstarted.has(topic)));
    const starts = await findStartOffsets(admin, first, startAt);
    for (const topic of first.keys()) unstarted.delete(topic);
    for (const gap of positions.update(ends, starts)) plan.onGap(gap);
    return ends;
  }

  async function startConsumer(consumer: Consumer): Promise<void> {
    const present = await listPresent(admin, plan.topics);
    if (present.topics.length === 0) throw new ShopError('topics_missing', 'no topic exists', { canRetry: true });
    await refresh(present.topics);
    shape = present.shape;
    await readAssigned(consumer, present.topics, positions, plan);
    await groups.deleteFormer();
    logger.info({ topics: present.topics }, 'reading topics');
  }

  const config = () => ({
    groupId: groups.next(),
    readUncommitted: false,
    allowAutoTopicCreation: false,
    maxWaitTimeInMs: 500,
    ...plan.fetch,
  });
  const openConsumer = () => runConsumer({ kafka, config, start: startConsumer }, own);

  async function watchTopics(): Promise<void> {
    while (await pause(lookEveryMs, own.signal)) {
      const found = await tryToList();
      if (!found || found.topics.length === 0 || found.shape === shape) continue;
      await running?.stop();
      running = await openConsumer();
    }
  }

  async function tryToList() {
    try {
      return await listPresent(admin, plan.topics);
    } catch (error) {
      // The consumer logs that Kafka is unavailable.
      logger.debug({ reason: describeError(error) }, 'the topics could not be listed');
      return undefined;
    }
  }

  async function reach(ends: TopicEnds, timeoutMs: number): Promise<boolean> {
    const deadline = Date.now() + timeoutMs;
    while (!positions.reached(ends)) {
      if (Date.now() > deadline) return false;
      if (!(await pause(20, own.signal))) throw own.signal.reason;
    }
    return true;
  }

  async function close(): Promise<void> {
    await watching;
    await running?.stop();
    await groups.deleteAll();
  }

  return {
    async start() {
      const present = await waitUntilDone('Kafka topics', () => listPresent(admin, plan.topics), own);
      for (const topic of present.topics) unstarted.add(topic);
      if (present.topics.length > 0) running = await openConsumer();
      watching = watchTopics().catch((error) => {
        if (!own.signal.aborted) context.fail(error);
      });
    },
    catchUp: async (topics, timeoutMs) => reach(await waitUntilDone('Kafka', () => refresh(topics), own), timeoutMs),
    reach,
    ends: async (topic) =>
      new Map((await admin.fetchTopicOffsets(topic)).map(({ partition, high }) => [partition, Number(high)])),
    starts: positions.starts,
    async stop() {
      stopping.abort(new Error('the follower is stopped'));
      await Promise.race([close(), delay(stopMs, undefined, { ref: false })]);
    },
  };
}
