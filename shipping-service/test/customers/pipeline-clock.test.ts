import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createPipelineClock } from '../../src/customers/pipeline-clock.ts';
import { buildCustomer } from '../build-orders.ts';

const answers = (...customers: ReturnType<typeof buildCustomer>[]) => new Map(customers.map((each) => [each.id, each]));
/** Handled by the connector some time after Postgres had committed it. */
const change = (customerId: number, committedAt: number, handledAt = committedAt) => ({
  customerId,
  committedAt,
  handledAt,
});

test('stands still until a change has come through, and never goes back', () => {
  const clock = createPipelineClock('customers', 1);
  assert.equal(clock.read()(1), 0);
  clock.noteChange(0, change(5, 900));
  assert.deepEqual(clock.probes(), [5]);
  clock.observe(answers());
  assert.equal(clock.read()(1), 0, 'the change is in Kafka, but not in ksqlDB');
  clock.observe(answers(buildCustomer(5, { changedAt: 899 })));
  assert.equal(clock.read()(1), 0, 'ksqlDB has the customer as they were before');
  clock.observe(answers(buildCustomer(5, { changedAt: 900 })));
  assert.equal(clock.read()(1), 900);
  clock.noteChange(0, change(6, 800));
  clock.observe(answers(buildCustomer(6, { changedAt: 800 })));
  assert.equal(clock.read()(1), 900);
});

test('a backlog moves it by its own age, not by the time at which it comes through', () => {
  const clock = createPipelineClock('customers', 1);
  clock.noteChange(0, change(5, 1_000, 31_000));
  clock.observe(answers(buildCustomer(5, { changedAt: 31_000 })));
  assert.equal(clock.read()(1), 1_000);
});

test('a change that is awaited stays so while newer ones come, and the newest is enough', () => {
  const clock = createPipelineClock('customers', 1);
  for (const id of [1, 2, 3]) clock.noteChange(0, change(id, id * 100));
  assert.deepEqual(clock.probes(), [1, 3]);
  clock.observe(answers(buildCustomer(1, { changedAt: 100 })));
  assert.equal(clock.read()(9), 100);
  assert.deepEqual(clock.probes(), [3]);
  clock.noteChange(0, change(4, 400));
  clock.observe(answers(buildCustomer(4, { changedAt: 400 })));
  assert.equal(clock.read()(9), 400);
});

test('what was read of it does not change', () => {
  const clock = createPipelineClock('customers', 1);
  const before = clock.read();
  clock.noteChange(0, change(5, 900));
  clock.observe(answers(buildCustomer(5, { changedAt: 900 })));
  assert.deepEqual([before(1), clock.read()(1)], [0, 900]);
});

test('progress in one partition says nothing about another', () => {
  const clock = createPipelineClock('customers', 6);
  for (const partition of [0, 1, 2]) clock.noteChange(partition, change(100 + partition, 900));
  clock.observe(answers(...[100, 101, 102].map((id) => buildCustomer(id, { changedAt: 900 }))));
  const reached = Array.from({ length: 60 }, (_, id) => clock.read()(id));
  assert.ok(reached.includes(900));
  assert.ok(reached.includes(0));
});

test('finds the partition where the connector puts the key', () => {
  // Java's murmur2 over the bytes of "1" to "5", modulo 6, taken from a topic that Debezium wrote.
  const partitionOf = (id: number) =>
    [0, 1, 2, 3, 4, 5].find((partition) => {
      const each = createPipelineClock('customers', 6);
      each.noteChange(partition, change(1_000, 1));
      each.observe(answers(buildCustomer(1_000, { changedAt: 1 })));
      return each.read()(id) === 1;
    });
  assert.deepEqual([1, 2, 3, 4, 5].map(partitionOf), [1, 2, 3, 4, 5].map(javaPartition));
});

/** Java: Utils.toPositive(Utils.murmur2(key)) % 6, written out here to hold the library to it. */
function javaPartition(id: number): number {
  const bytes = Buffer.from(String(id));
  const m = 0x5bd1e995;
  let h = 0x9747b28c ^ bytes.length;
  // Keys of up to three bytes have only the tail of murmur2.
  for (let i = bytes.length - 1; i >= 0; i--) h ^= (bytes[i] ?? 0) << (8 * i);
  h = Math.imul(h, m);
  h ^= h >>> 13;
  h = Math.imul(h, m);
  h ^= h >>> 15;
  return (h & 0x7fffffff) % 6;
}
