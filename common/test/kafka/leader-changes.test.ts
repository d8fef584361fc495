import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import { before, test } from 'node:test';
import { patchLeaderChanges } from '../../src/kafka/leader-changes.ts';

const require = createRequire(import.meta.url);
const ConsumerGroup = require('kafkajs/src/consumer/consumerGroup');
const group = ConsumerGroup.prototype;
const { prototype: runner } = require('kafkajs/src/consumer/runner');
const { prototype: brokerPool } = require('kafkajs/src/cluster/brokerPool');
const OffsetManager = require('kafkajs/src/consumer/offsetManager');

before(patchLeaderChanges);

/** Offsets of partition 0 of topic `orders`, read up to 10 and committed as far. */
function createOffsets(cluster: object = {}) {
  const manager = new OffsetManager({
    cluster: { committedOffsets: () => ({}), ...cluster },
    coordinator: { offsetCommit: () => assert.fail('the committed offset was overwritten') },
    memberAssignment: { orders: [0] },
    topicConfigurations: { orders: { fromBeginning: true } },
    groupId: 'shipping',
  });
  manager.committedOffsets()['orders'] = { 0: '10' };
  return manager;
}

test('a consumer stays in its group when a partition has another leader', async () => {
  for (const type of ['NOT_LEADER_FOR_PARTITION', 'LEADER_NOT_AVAILABLE', 'FENCED_LEADER_EPOCH']) {
    let refreshed = 0;
    const consumer = {
      cluster: { refreshMetadata: async () => void refreshed++ },
      joinAndSync: () => assert.fail('the consumer rejoined'),
    };
    await group.recoverFromFetch.call(consumer, Object.assign(new Error(type), { type }));
    assert.equal(refreshed, 1);
  }
});

test('a consumer stays when one broker cannot be reached, and leaves when none can', async () => {
  let reachable = true;
  const consumer = {
    cluster: {
      refreshMetadata: async () => {
        if (!reachable) throw new Error('no broker answers');
      },
    },
  };
  const lost = Object.assign(new Error('ECONNREFUSED'), { name: 'KafkaJSConnectionError' });
  await group.recoverFromFetch.call(consumer, lost);
  reachable = false;
  await assert.rejects(group.recoverFromFetch.call(consumer, lost), /no broker answers/);
});

test('fetch loops that notice added partitions at the same time join the group once', async () => {
  let joins = 0;
  const silent = { namespace: () => silent, debug: () => {}, info: () => {}, warn: () => {} };
  const consumer = new ConsumerGroup({
    logger: silent,
    topics: [],
    groupId: 'shipping',
    instrumentationEmitter: { emit: () => {} },
    cluster: {
      findGroupCoordinator: async () => {
        joins++;
        throw Object.assign(new Error('not now'), { retriable: false });
      },
    },
    assigners: [],
  });
  const stale = () =>
    consumer.recoverFromFetch(Object.assign(new Error('added'), { name: 'KafkaJSStaleTopicMetadataAssignment' }));
  await Promise.allSettled([stale(), stale(), stale()]);
  assert.equal(joins, 1);
  await Promise.allSettled([stale()]);
  assert.equal(joins, 2, 'a later join is another one');
});

test('heartbeats go to the next coordinator', async () => {
  const beats: string[] = [];
  const refusal = Object.assign(new Error('moved'), { type: 'NOT_COORDINATOR_FOR_GROUP' });
  const silent = { namespace: () => silent, debug: () => {} };
  const consumer = new ConsumerGroup({
    logger: silent,
    topics: [],
    groupId: 'shipping',
    sessionTimeout: 60_000,
    instrumentationEmitter: { emit: () => {} },
    cluster: { findGroupCoordinator: async () => createCoordinator('second') },
  });
  const createCoordinator = (name: string) => ({
    name,
    heartbeat: async () => {
      beats.push(name);
      if (name === 'first') throw refusal;
    },
  });
  Object.assign(consumer, { memberId: 'member', coordinator: createCoordinator('first'), offsetManager: {} });
  await consumer.heartbeat({ interval: 0 });
  assert.deepEqual(beats, ['first', 'second']);
  assert.equal(consumer.offsetManager.coordinator.name, 'second');
});

test('a batch that another fetch has overtaken, or of a partition that is not assigned, is not handled', async () => {
  const offsetManager = createOffsets();
  const handled: string[] = [];
  const consumer = {
    running: true,
    consumerGroup: { offsetManager },
    instrumentationEmitter: { emit: () => {} },
    heartbeat: async () => {},
    autoCommitOffsets: async () => {},
    eachBatch: true,
    processEachBatch: async ({ fetchedOffset }: { fetchedOffset: string }) => void handled.push(fetchedOffset),
  };
  const handle = (partition: number, fetchedOffset: string) =>
    runner.handleBatch.call(consumer, {
      topic: 'orders',
      partition,
      fetchedOffset,
      messages: [1],
      isEmpty: () => false,
      isEmptyDueToFiltering: () => false,
      offsetLag: () => '0',
      offsetLagLow: () => '0',
      firstOffset: () => fetchedOffset,
      lastOffset: () => fetchedOffset,
    });
  await handle(0, '10');
  offsetManager.resolveOffset({ topic: 'orders', partition: 0, offset: '14' });
  await handle(0, '10');
  await handle(0, '15');
  await handle(1, '0');
  assert.deepEqual(handled, ['10', '15']);
});

test('an offset out of range moves the consumer, not what its group has committed', async () => {
  const asked: unknown[] = [];
  const offsets = createOffsets({
    fetchTopicsOffset: async (topics: object[]) => {
      asked.push(...topics);
      return [{ topic: 'orders', partitions: [{ partition: 0, offset: '40' }] }];
    },
  });
  await offsets.setDefaultOffset({ topic: 'orders', partition: 0 });
  assert.equal(String(offsets.nextOffset('orders', 0)), '40');
  assert.equal(offsets.committedOffsets()['orders'][0], '10');
  assert.deepEqual(asked, [{ topic: 'orders', partitions: [{ partition: 0 }], fromBeginning: true }]);
});

test('every broker is asked before a question fails, and the last reason is kept', async () => {
  const asked: string[] = [];
  const pool = {
    brokers: { 1: {}, 2: {}, 3: {} },
    getNodeIds: () => ['1', '2', '3'],
    findBroker: async ({ nodeId }: { nodeId: string }) => {
      asked.push(nodeId);
      if (nodeId !== '2') throw new Error(`no connection to ${nodeId}`);
      return {};
    },
  };
  assert.equal(await brokerPool.withBroker.call(pool, async ({ nodeId }: { nodeId: string }) => nodeId), '2');
  asked.length = 0;
  const failing = brokerPool.withBroker.call(pool, () => Promise.reject(new Error('no answer')));
  await assert.rejects(failing, /no answer|no connection/);
  assert.deepEqual(asked.sort(), ['1', '2', '3']);
});
