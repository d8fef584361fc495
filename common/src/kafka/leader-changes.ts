import { createRequire } from 'node:module';
import { setTimeout as delay } from 'node:timers/promises';
import { patchOnce } from './patch-once.ts';

// What kafkajs 2.2.4 has for one consumer, as far as it is changed here.

interface OffsetManager {
  memberAssignment: Record<string, number[]>;
  /** The next offset to fetch. */
  resolvedOffsets: Record<string, Record<number, string>>;
  topicConfigurations: Record<string, { fromBeginning?: boolean }>;
  cluster: {
    fetchTopicsOffset(topics: object[]): Promise<{ topic: string; partitions: { offset: string }[] }[]>;
  };
  nextOffset(topic: string, partition: number): { toString(): string };
  setDefaultOffset(place: { topic: string; partition: number }): Promise<void>;
}

type KafkajsError = Error & { type?: string };

interface ConsumerGroup {
  groupId: string;
  /** ms */
  sessionTimeout: number;
  offsetManager: OffsetManager & { coordinator: unknown };
  coordinator: unknown;
  cluster: {
    refreshMetadata(): Promise<void>;
    findGroupCoordinator(wanted: { groupId: string }): Promise<unknown>;
  };
  recoverFromFetch(error: KafkajsError): Promise<void>;
  joinAndSync(): Promise<void>;
  heartbeat(pace: { interval: number }): Promise<void>;
}

interface Runner {
  consumerGroup: ConsumerGroup;
  handleBatch(batch: FetchedBatch): Promise<void>;
}

interface FetchedBatch {
  topic: string;
  partition: number;
  fetchedOffset: string;
}

interface BrokerPool {
  getNodeIds(): string[];
  findBroker(node: { nodeId: string }): Promise<unknown>;
  withBroker<T>(use: (found: { nodeId: string; broker: unknown }) => Promise<T>): Promise<T | null>;
}

const require = createRequire(import.meta.url);
const leaderMoved = ['LEADER_NOT_AVAILABLE', 'NOT_LEADER_FOR_PARTITION', 'FENCED_LEADER_EPOCH', 'UNKNOWN_LEADER_EPOCH'];
const connectionLost = ['KafkaJSConnectionError', 'KafkaJSConnectionClosedError', 'KafkaJSRequestTimeoutError'];
const coordinatorMoved = ['NOT_COORDINATOR_FOR_GROUP', 'GROUP_COORDINATOR_NOT_AVAILABLE', 'GROUP_LOAD_IN_PROGRESS'];
/** Brokers may name the former leader for a moment. */
const retryMs = 200;

/** Keeps every kafkajs consumer of this process in its group when a broker fails, a leader moves, or records are deleted. */
export const patchLeaderChanges = patchOnce(() => {
  const group: ConsumerGroup = require('kafkajs/src/consumer/consumerGroup').prototype;
  stayInGroup(group);
  joinOnce(group);
  followCoordinator(group);
  dropOvertakenBatches(require('kafkajs/src/consumer/runner').prototype);
  keepCommittedOffset(require('kafkajs/src/consumer/offsetManager').prototype);
  tryEveryBroker(require('kafkajs/src/cluster/brokerPool').prototype);
});

/**
 * kafkajs rejoins the group for each new leader, which stops all members, and stops the consumer when one broker cannot
 * be reached. Every fetch finds the leader anyway, once the metadata is fresh.
 */
function stayInGroup(group: ConsumerGroup): void {
  const { recoverFromFetch } = group;
  group.recoverFromFetch = async function (error) {
    const isLost = connectionLost.includes(error.name);
    if (!isLost && !leaderMoved.includes(error.type ?? '')) return recoverFromFetch.call(this, error);
    // Forgets a closed connection.
    if (error.name === 'KafkaJSConnectionClosedError') await recoverFromFetch.call(this, error);
    await delay(retryMs);
    await this.cluster.refreshMetadata();
  };
}

/**
 * The fetch loop of each broker notices added partitions by itself, and kafkajs joins the group once for each of them, all at
 * the same time. Here they share one join.
 */
function joinOnce(group: ConsumerGroup): void {
  const { joinAndSync } = group;
  const joining = new WeakMap<ConsumerGroup, Promise<void>>();
  group.joinAndSync = function () {
    const current =
      joining.get(this) ??
      joinAndSync.call(this).finally(() => {
        joining.delete(this);
      });
    joining.set(this, current);
    return current;
  };
}

/** kafkajs keeps asking a coordinator that is down, and rejoins when it moves. Its successor knows the members of the group. */
function followCoordinator(group: ConsumerGroup): void {
  const { heartbeat } = group;
  group.heartbeat = async function (pace) {
    const deadline = Date.now() + this.sessionTimeout;
    for (;;)
      try {
        return await heartbeat.call(this, pace);
      } catch (error) {
        const { name, type } = error as KafkajsError;
        const canFollow = connectionLost.includes(name) || coordinatorMoved.includes(type ?? '');
        if (!canFollow || Date.now() > deadline) throw error;
        await delay(retryMs);
        const { groupId } = this;
        const found = await this.cluster.findGroupCoordinator({ groupId }).catch(() => undefined);
        if (found) this.coordinator = this.offsetManager.coordinator = found;
      }
  };
}

/**
 * kafkajs fetches from every broker by itself. When a partition moves, the new leader's answer may hold messages of the
 * former leader's answer that are still being handled. They would be handled again.
 */
function dropOvertakenBatches(runner: Runner): void {
  const { handleBatch } = runner;
  runner.handleBatch = async function (batch) {
    const { topic, partition, fetchedOffset } = batch;
    const { offsetManager } = this.consumerGroup;
    const isOurs = offsetManager.memberAssignment[topic]?.includes(partition) ?? false;
    if (isOurs && String(offsetManager.nextOffset(topic, partition)) === fetchedOffset)
      await handleBatch.call(this, batch);
  };
}

/**
 * After OFFSET_OUT_OF_RANGE kafkajs commits −2, and the group forgets how far it was. Here the consumer continues at
 * its default offset, and the committed offset stays until a message is handled.
 */
function keepCommittedOffset(manager: OffsetManager): void {
  manager.setDefaultOffset = async function ({ topic, partition }) {
    const [found] = await this.cluster.fetchTopicsOffset([
      { topic, partitions: [{ partition }], ...this.topicConfigurations[topic] },
    ]);
    const offset = found?.partitions[0]?.offset;
    const offsets = this.resolvedOffsets[topic];
    if (offset === undefined || !offsets) throw new Error(`no default offset of ${topic}, partition ${partition}`);
    offsets[partition] = offset;
  };
}

/** kafkajs asks no second broker when it cannot connect to the first, and drops the reason when none answers. */
function tryEveryBroker(pool: BrokerPool): void {
  const { withBroker } = pool;
  pool.withBroker = async function (use) {
    let failure: unknown;
    for (const nodeId of inRandomOrder(this.getNodeIds()))
      try {
        return await use({ nodeId, broker: await this.findBroker({ nodeId }) });
      } catch (error) {
        failure = error;
      }
    if (failure === undefined) return withBroker.call(this, use) as ReturnType<typeof use>;
    throw failure;
  };
}

const inRandomOrder = <T>(list: readonly T[]): T[] =>
  list
    .map((each) => ({ each, rank: Math.random() }))
    .sort((a, b) => a.rank - b.rank)
    .map(({ each }) => each);
