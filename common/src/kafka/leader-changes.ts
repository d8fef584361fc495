import { createRequire } from 'node:module';
import { setTimeout as delay } from 'node:timers/promises';

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

interface ConsumerGroup {
  offsetManager: OffsetManager;
  cluster: { refreshMetadata(): Promise<void> };
  recoverFromFetch(error: Error & { type?: string }): Promise<void>;
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
/** Brokers may name the former leader for a moment. */
const retryMs = 200;
let isPatched = false;

/** Makes every kafkajs consumer of this process go on in place when a partition has another leader, or less than it had. */
export function patchLeaderChanges(): void {
  if (isPatched) return;
  isPatched = true;
  stayInGroup(require('kafkajs/src/consumer/consumerGroup').prototype);
  dropOvertakenBatches(require('kafkajs/src/consumer/runner').prototype);
  keepCommittedOffset(require('kafkajs/src/consumer/offsetManager').prototype);
  tryEveryBroker(require('kafkajs/src/cluster/brokerPool').prototype);
}

/** kafkajs rejoins the group for each new leader, which stops all members. Every fetch finds the leader anyway. */
function stayInGroup(group: ConsumerGroup): void {
  const { recoverFromFetch } = group;
  group.recoverFromFetch = async function (error) {
    if (!leaderMoved.includes(error.type ?? '')) return recoverFromFetch.call(this, error);
    await delay(retryMs);
    await this.cluster.refreshMetadata();
  };
}

/**
 * kafkajs fetches from every broker by itself. When a partition moves, the new leader's answer may hold messages that are
 * handled in the same moment out of the former leader's, and they would be handled again.
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
 * After OFFSET_OUT_OF_RANGE kafkajs commits −2, and the group forgets how far it was. Here the consumer goes on at its
 * default offset, and what is committed stays until something is handled.
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
