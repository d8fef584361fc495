import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createLogger } from '@shop/common';
import type { Admin, Kafka } from 'kafkajs';
import { openPartitionSession } from '../../src/kafka/partition-session.ts';

/** What Kafka answers: the committed offsets by partition, and the end of partition 0. */
interface Answer {
  committed: Record<number, string>;
  end?: string;
}

/** Opens a session of partition 0 with a stubbed Kafka, which gives these answers one after the other. */
async function open(...answers: Answer[]) {
  let asked = 0;
  const admin = {
    fetchOffsets: async () => {
      const { committed } = answers[asked] ?? assert.fail('asked again');
      const partitions = Object.entries(committed).map(([id, offset]) => ({ partition: Number(id), offset }));
      return [{ topic: 'orders', partitions }];
    },
    async fetchTopicOffsets() {
      const { end } = answers[asked] ?? assert.fail('asked again');
      asked += 1;
      return end === undefined ? [] : [{ partition: 0, low: '3', high: end, offset: end }];
    },
  };
  const producer = {
    connect: async () => {},
    disconnect: async () => {},
    transaction: async () => ({ abort: async () => {} }),
  };
  const session = await openPartitionSession(
    {
      kafka: { producer: () => producer } as unknown as Kafka,
      admin: admin as unknown as Admin,
      logger: createLogger('test', { LOG_LEVEL: 'silent' }),
      topic: 'orders',
      groupId: 'group',
      countLost: () => {},
      readBackMs: 0,
      readBackLimit: 0,
      confirmMs: 1,
    },
    0,
  );
  return { committed: session.committed, asked };
}

test('a session starts at the committed offset', async () => {
  assert.deepEqual(await open({ committed: { 0: '7' }, end: '9' }), { committed: 7n, asked: 1 });
});

test('the first session of a group starts at the beginning, and so does one of an added partition', async () => {
  assert.deepEqual(await open({ committed: { 0: '-1', 1: '-1' }, end: '9' }), { committed: 3n, asked: 1 });
  assert.deepEqual(await open({ committed: { 0: '-1', 1: '5' }, end: '3' }), { committed: 3n, asked: 1 });
});

test('one answer without an offset, or with an end before it, starts nothing from the beginning', async () => {
  const right = { committed: { 0: '7', 1: '5' }, end: '9' };
  for (const wrong of [
    { committed: { 0: '-1', 1: '5' }, end: '9' },
    { committed: { 0: '7', 1: '5' }, end: '6' },
  ]) {
    assert.deepEqual(await open(wrong, right), { committed: 7n, asked: 2 });
  }
});

test('two such answers start from the beginning: the topic was recreated', async () => {
  const recreated = { committed: { 0: '7', 1: '5' }, end: '4' };
  assert.deepEqual(await open(recreated, recreated), { committed: 3n, asked: 2 });
});

test('an answer that lacks the partition is an error', async () => {
  for (const answer of [{ committed: { 1: '5' }, end: '9' }, { committed: { 0: '7' } }]) {
    await assert.rejects(open(answer), { code: 'partition_missing' });
  }
});
