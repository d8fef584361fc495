import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { type Plan, producers, type Run, runIdempotent, runTransactional, type Send } from './drive-producer.ts';
import { type Fate, partitions } from './stub-cluster.ts';

const partition = fc.nat({ max: partitions - 1 });
const fate: fc.Arbitrary<Fate> = fc.record(
  {
    kind: fc.oneof(
      { weight: 3, arbitrary: fc.constant('answered' as const) },
      { weight: 2, arbitrary: fc.constantFrom('lost', 'unanswered', 'late', 'unreplicated') },
    ),
    delayMs: fc.nat({ max: 3 }),
    move: fc.record({ partition, to: fc.integer({ min: 1, max: 3 }) }),
  },
  { requiredKeys: ['kind', 'delayMs'] },
);
const send: fc.Arbitrary<Send> = fc.array(fc.option(partition, { nil: undefined, freq: 6 }), {
  minLength: 1,
  maxLength: 6,
});
const plan: fc.Arbitrary<Plan> = fc.record({
  fates: fc.array(fate, { maxLength: 80, size: 'max' }),
  retries: fc.constantFrom(1, 2, 4, Number.MAX_SAFE_INTEGER),
  rounds: fc.array(fc.array(send, { minLength: 1, maxLength: 3 }), { minLength: 1, maxLength: 8, size: 'max' }),
  reuse: fc.boolean(),
  careless: fc.boolean(),
});

/** What was claimed is there once and in order; what failed is there at most once. */
function requirePromises({ claimed, unclear, logs }: Run): void {
  const written = logs.flat();
  const expected = (value: string) => claimed.has(value) || unclear.has(value);
  assert.deepEqual(
    [...claimed].filter((value) => !written.includes(value)),
    [],
    'lost',
  );
  assert.deepEqual(
    written.filter((value, index) => written.indexOf(value) !== index),
    [],
    'doubled',
  );
  assert.deepEqual(
    written.filter((value) => !expected(value)),
    [],
    'shown although aborted',
  );
  for (const log of logs) {
    const values = log.filter((value) => claimed.has(value)).map(Number);
    assert.deepEqual(
      values,
      [...values].sort((a, b) => a - b),
      'out of order',
    );
  }
}

const idempotent = (which: keyof typeof producers) =>
  fc.asyncProperty(plan, async (each) => requirePromises(await runIdempotent(producers[which], each)));
const transactional = (which: keyof typeof producers) =>
  fc.asyncProperty(plan, async (each) => requirePromises(await runTransactional(producers[which], each)));

test('the messages of a resolved send are written once and in order, whatever happens to leaders and answers', async () => {
  await fc.assert(idempotent('shop'), { numRuns: 100 });
});

test('the messages of committed transactions are written once, and those of other transactions never', async () => {
  await fc.assert(transactional('shop'), { numRuns: 100 });
});

test("the same properties fail with kafkajs's own sendMessages", async () => {
  for (const property of [idempotent('kafkajs'), transactional('kafkajs')])
    assert.equal((await fc.check(property, { numRuns: 300, endOnFailure: true })).failed, true);
});
