import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createPipelineClock } from '../../src/customers/pipeline-clock.ts';
import { buildAnswer } from '../build-look-up.ts';

function createClock(partitions: number) {
  const clock = createPipelineClock();
  clock.notePartitions(partitions);
  return clock;
}

const answers = (...customers: ReturnType<typeof buildAnswer>[]) => new Map(customers.map((each) => [each.id, each]));
/** Handled by the connector some time after Postgres had committed it. */
const change = (customerId: number, committedAt: number, handledAt = committedAt) => ({
  customerId,
  committedAt,
  handledAt,
});

test('does not move until ksqlDB shows a change, and never goes back', () => {
  const clock = createClock(1);
  assert.equal(clock.read()(1), 0);
  clock.noteChange(0, change(5, 900));
  assert.deepEqual(clock.probes(), [5]);
  clock.observe(answers());
  assert.equal(clock.read()(1), 0, 'the change is in Kafka, but not in ksqlDB');
  clock.observe(answers(buildAnswer(5, { changedAt: 899 })));
  assert.equal(clock.read()(1), 0, 'ksqlDB has the customer as they were before');
  clock.observe(answers(buildAnswer(5, { changedAt: 900 })));
  assert.equal(clock.read()(1), 900);
  clock.noteChange(0, change(6, 800));
  clock.observe(answers(buildAnswer(6, { changedAt: 800 })));
  assert.equal(clock.read()(1), 900);
});

test('a backlog moves it to the time of its commits, not to the time of its arrival', () => {
  const clock = createClock(1);
  clock.noteChange(0, change(5, 1_000, 31_000));
  clock.observe(answers(buildAnswer(5, { changedAt: 31_000 })));
  assert.equal(clock.read()(1), 1_000);
});

test('waits for the first change while newer ones arrive, and accepts the newest', () => {
  const clock = createClock(1);
  for (const id of [1, 2, 3]) clock.noteChange(0, change(id, id * 100));
  assert.deepEqual(clock.probes(), [1, 3]);
  clock.observe(answers(buildAnswer(1, { changedAt: 100 })));
  assert.equal(clock.read()(9), 100);
  assert.deepEqual(clock.probes(), [3]);
  clock.noteChange(0, change(4, 400));
  clock.observe(answers(buildAnswer(4, { changedAt: 400 })));
  assert.equal(clock.read()(9), 400);
});

test('a reading does not change later', () => {
  const clock = createClock(1);
  const before = clock.read();
  clock.noteChange(0, change(5, 900));
  clock.observe(answers(buildAnswer(5, { changedAt: 900 })));
  assert.deepEqual([before(1), clock.read()(1)], [0, 900]);
});

test('progress in one partition does not count for another', () => {
  const clock = createClock(6);
  for (const partition of [0, 1, 2]) clock.noteChange(partition, change(100 + partition, 900));
  clock.observe(answers(...[100, 101, 102].map((id) => buildAnswer(id, { changedAt: 900 }))));
  const reached = Array.from({ length: 60 }, (_, id) => clock.read()(id));
  assert.ok(reached.includes(900));
  assert.ok(reached.includes(0));
});

test('finds the partition where the connector puts the key', () => {
  const partitionOf = (id: number) =>
    [0, 1, 2, 3, 4, 5].find((partition) => {
      const each = createClock(6);
      each.noteChange(partition, change(1_000, 1));
      each.observe(answers(buildAnswer(1_000, { changedAt: 1 })));
      return each.read()(id) === 1;
    });
  // The partitions of a topic that Debezium wrote.
  assert.deepEqual([1, 2, 3, 4, 5].map(partitionOf), [3, 2, 5, 1, 0]);
});

test('when partitions are added, a customer may be in the former partition or in the new one', () => {
  const clock = createClock(6);
  const see = (partition: number, at: number) => {
    clock.noteChange(partition, change(1_000 + partition, at));
    clock.observe(answers(buildAnswer(1_000 + partition, { changedAt: at })));
  };
  for (let partition = 0; partition < 6; partition++) see(partition, 900);
  clock.notePartitions(12);
  const ids = Array.from({ length: 100 }, (_, id) => id);
  const moved = ids.filter((id) => clock.read()(id) === 0);
  assert.ok(moved.length > 20 && moved.length < 80, `${moved.length} of 100 belong to a new partition`);
  for (let partition = 6; partition < 12; partition++) see(partition, 1_000);
  assert.ok(
    ids.every((id) => clock.read()(id) === 900),
    'a change of the customer may still be on its way in the former partition',
  );
  for (let partition = 0; partition < 6; partition++) see(partition, 1_100);
  assert.ok(ids.every((id) => clock.read()(id) === (moved.includes(id) ? 1_000 : 1_100)));
  clock.notePartitions(6);
  assert.ok(
    ids.every((id) => clock.read()(id) === 1_100),
    'the topic was recreated with fewer partitions',
  );
});

test('makes no progress while the number of partitions is unknown', () => {
  const clock = createPipelineClock();
  clock.noteChange(0, change(5, 900));
  clock.observe(answers(buildAnswer(5, { changedAt: 900 })));
  assert.equal(clock.read()(5), 0);
});
