import assert from 'node:assert/strict';
import test, { type TestContext } from 'node:test';
import {
  createTopics,
  deleteRecords,
  nameTopics,
  openServiceContext,
  openTestKafka,
  recreateTopic,
  until,
} from '@shop/test-support';
import type { Message } from 'kafkajs';
import { type FollowPlan, followTopics, type TopicGap, type TopicRecord } from '../../../src/index.ts';

/** Opens a broker's clients and the names of two topics, and follows topics until the test ends. */
async function open(t: TestContext) {
  const { kafka, env } = nameTopics(t, 'FIRST', 'SECOND');
  const { FIRST: first = '', SECOND: second = '' } = env;
  const { context } = openServiceContext(t, `reader-${first}`, env);
  const client = await openTestKafka();
  t.after(() => client.close());
  const { admin } = client;

  async function follow(plan: Partial<FollowPlan> = {}) {
    const values: string[] = [];
    const past: string[] = [];
    const gaps: TopicGap[] = [];
    const follower = followTopics(
      {
        kafka,
        admin,
        topics: [first],
        onRecord({ value }: TopicRecord, isPast: boolean) {
          values.push(String(value));
          if (isPast) past.push(String(value));
        },
        onGap: (gap) => gaps.push(gap),
        fetch: { maxWaitTimeInMs: 100 },
        ...plan,
      },
      context,
    );
    t.after(() => follower.stop());
    await follower.start();
    const read = (count: number) => until(`${count} records`, () => values.length >= count && values);
    return { follower, values, past, gaps, read };
  }

  return {
    ...client,
    first,
    second,
    context,
    follow,
    create: (topic: string, partitions = 1) => createTopics(admin, [topic], partitions),
    write: (topic: string, ...values: (string | Message)[]) =>
      client.send(
        topic,
        values.map((value) => (typeof value === 'string' ? { partition: 0, value } : { partition: 0, ...value })),
      ),
    recreate: (topic: string, partitions = 1) => recreateTopic(admin, topic, partitions),
    deleteBefore: (topic: string, offset: number) =>
      deleteRecords(admin, topic, [{ partition: 0, offset: String(offset) }]),
  };
}

test('reads from the beginning, then live, with the fields of a record', async (t) => {
  const { first, create, write, send, follow } = await open(t);
  await create(first, 2);
  await write(first, 'a', 'b');
  const records: TopicRecord[] = [];
  const { follower } = await follow({ onRecord: (record) => records.push(record) });
  assert.equal(await follower.catchUp([first], 60_000), true);
  await send(first, [{ partition: 1, key: 'k', value: null, headers: { h: 'x' }, timestamp: '1700000000000' }]);
  await until('the live record', () => records.length === 3);
  const { key, ...last } = records[2] ?? assert.fail();
  assert.equal(String(key), 'k');
  assert.deepEqual(last, {
    topic: first,
    partition: 1,
    offset: 0,
    timestamp: 1_700_000_000_000,
    stampedByBroker: false,
    value: null,
    headers: { h: 'x' },
  });
  // As maps: Kafka answers partitions in any order.
  const offsets = (zero: number, one: number) =>
    new Map([
      [0, zero],
      [1, one],
    ]);
  assert.deepEqual(await follower.ends(first), offsets(2, 1));
  assert.deepEqual(follower.starts(first), offsets(0, 0));
});

test('starts at the end, the last records, a time or an offset, and marks the records that were there before', async (t) => {
  const { first, create, write, follow } = await open(t);
  await create(first);
  const at = (ms: number) => ({ timestamp: String(1_700_000_000_000 + ms) });
  await write(first, { value: 'a', ...at(0) }, { value: 'b', ...at(10) }, { value: 'c', ...at(20) });
  const readers = {
    end: await follow({ startAt: () => 'end' }),
    last: await follow({ startAt: () => ({ last: 2 }) }),
    all: await follow({ startAt: () => ({ last: Number.POSITIVE_INFINITY }) }),
    time: await follow({ startAt: () => ({ time: 1_700_000_000_015 }) }),
    later: await follow({ startAt: () => ({ time: Date.now() + 3_600_000 }) }),
    offset: await follow({ startAt: () => ({ offsets: { 0: 1 } }) }),
    none: await follow({ startAt: () => ({ offsets: {} }) }),
  };
  await write(first, 'live');
  const expected = {
    end: [],
    last: ['b', 'c'],
    all: ['a', 'b', 'c'],
    time: ['c'],
    later: [],
    offset: ['b', 'c'],
    none: ['a', 'b', 'c'],
  };
  for (const name of ['end', 'last', 'all', 'time', 'later', 'offset', 'none'] as const) {
    const { read, past } = readers[name];
    const before = expected[name];
    assert.deepEqual(await read(before.length + 1), [...before, 'live'], name);
    assert.deepEqual(past, before, name);
  }
});

test('reads committed records only, and reaches an end behind transaction markers', async (t) => {
  const { kafka, first, create, follow } = await open(t);
  await create(first);
  const producer = kafka.producer({ transactionalId: first, maxInFlightRequests: 1, idempotent: true });
  await producer.connect();
  t.after(() => producer.disconnect());
  async function transact(value: string, end: 'commit' | 'abort') {
    const transaction = await producer.transaction();
    await transaction.send({ topic: first, messages: [{ value }] });
    await transaction[end]();
  }
  await transact('committed', 'commit');
  await transact('aborted', 'abort');
  const { follower, values, gaps, read } = await follow();
  assert.equal(await follower.catchUp([first], 60_000), true);
  assert.deepEqual([values, gaps], [['committed'], []]);

  const transaction = await producer.transaction();
  await transaction.send({ topic: first, messages: [{ value: 'undecided' }] });
  assert.equal(await follower.catchUp([first], 60_000), true);
  assert.deepEqual(values, ['committed'], 'what is undecided is not waited for');
  await transaction.commit();
  // Kafka answers a commit before it has written the marker to the partition.
  await read(2);
  assert.equal(await follower.catchUp([first], 60_000), true);
  assert.deepEqual([values, gaps], [['committed', 'undecided'], []]);
});

test('reads a topic and partitions that are added later from their beginning', async (t) => {
  const { admin, first, second, create, write, send, follow } = await open(t);
  const counts: [string, number][] = [];
  const { values, read } = await follow({
    topics: [first, second],
    startAt: () => 'end',
    onPartitions: (topic, count) => counts.push([topic, count]),
  });
  await create(first);
  await write(first, 'a');
  await read(1);
  await create(second);
  await write(second, 'b');
  await read(2);
  await admin.createPartitions({ topicPartitions: [{ topic: first, count: 2 }] });
  await until('the partition', async () => {
    await send(first, [{ partition: 1, value: 'c' }]);
    return true;
  });
  await read(3);
  assert.deepEqual(values, ['a', 'b', 'c']);
  assert.deepEqual(counts[0], [first, 1]);
  await until('the count', () => counts.some(([topic, count]) => topic === first && count === 2));
});

test('announces records that were deleted before they were read', async (t) => {
  const { kafka, first, create, write, deleteBefore, follow } = await open(t);
  await create(first);
  await write(first, 'a', 'b', 'c');
  await deleteBefore(first, 1);
  const { follower, values, gaps, read } = await follow();
  assert.equal(await follower.catchUp([first], 60_000), true);
  assert.deepEqual([values, gaps], [['b', 'c'], []], 'what was deleted before the start is no gap');
  assert.deepEqual([...follower.starts(first)], [[0, 1]]);

  // The reader waits at this record until it is decided.
  const producer = kafka.producer({ transactionalId: first, maxInFlightRequests: 1, idempotent: true });
  await producer.connect();
  t.after(() => producer.disconnect());
  const transaction = await producer.transaction();
  await transaction.send({ topic: first, messages: [{ value: 'deleted' }] });
  await deleteBefore(first, 4);
  await transaction.commit();
  await write(first, 'd');
  await read(3);
  assert.deepEqual(values, ['b', 'c', 'd']);
  assert.deepEqual(gaps, [{ topic: first, partition: 0, reason: 'deleted_unread', position: 3, continuesAt: 4 }]);
});

test('a reader that was interrupted announces the records that were deleted meanwhile', async (t) => {
  const { first, create, write, deleteBefore, follow } = await open(t);
  await create(first);
  await write(first, 'a', 'b', 'c');
  let isHeld = true;
  const read: string[] = [];
  const { gaps } = await follow({
    onRecord({ value }) {
      if (isHeld && String(value) !== 'a') throw Object.assign(new Error('not yet'), { retriable: false });
      read.push(String(value));
    },
  });
  await until('the first record', () => read.length === 1);
  await deleteBefore(first, 2);
  await until('the gap', () => gaps.length > 0);
  isHeld = false;
  await until('the last record', () => read.length === 2);
  assert.deepEqual(read, ['a', 'c']);
  assert.deepEqual(gaps, [{ topic: first, partition: 0, reason: 'deleted_unread', position: 1, continuesAt: 2 }]);
});

test('announces a recreated topic, and reads it from its beginning', async (t) => {
  const { first, create, write, recreate, follow } = await open(t);
  await create(first);
  await write(first, 'a', 'b');
  const { values, past, gaps, read } = await follow();
  await read(2);
  await recreate(first);
  await write(first, 'c');
  await read(3);
  assert.deepEqual(values, ['a', 'b', 'c']);
  assert.deepEqual(past, ['a', 'b']);
  assert.deepEqual(gaps, [{ topic: first, partition: 0, reason: 'topic_recreated', position: 2, continuesAt: 0 }]);
});

test('announces a recreated topic that is empty, or has fewer partitions', async (t) => {
  const { first, create, write, recreate, send, follow } = await open(t);
  await create(first, 2);
  await send(first, [{ partition: 1, value: 'a' }]);
  const { follower, gaps, values, read } = await follow();
  await read(1);
  await recreate(first, 2);
  await until('the gap', async () => (await follower.catchUp([first], 0)) && gaps.length > 0);
  assert.deepEqual(gaps, [{ topic: first, partition: 1, reason: 'topic_recreated', position: 1, continuesAt: 0 }]);
  await recreate(first, 1);
  await write(first, 'b');
  await read(2);
  assert.deepEqual(values, ['a', 'b']);
});

test('leaves no consumer group behind', async (t) => {
  const { admin, first, context, create, follow } = await open(t);
  await create(first);
  const { follower } = await follow();
  const groups = async () =>
    (await admin.listGroups()).groups.filter(({ groupId }) => groupId.startsWith(context.name));
  assert.ok((await groups()).length > 0);
  await follower.stop();
  await until('no group', async () => (await groups()).length === 0);
});
