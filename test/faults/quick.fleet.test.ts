import assert from 'node:assert/strict';
import { test } from 'node:test';
import { faults } from './list.ts';
import { runFaults } from './run-faults.ts';

test('nothing is lost and nothing shipped twice when ksqlDB, shipping-service and Kafka are killed', async (t) => {
  const quick = faults.filter(({ quick }) => quick);
  assert.equal(quick.length, 3);
  const outcomes = await runFaults({
    faults: quick,
    sequence: [],
    load: { ordersPerSecond: 200, movesPerSecond: 20, brokers: 1 },
    signal: t.signal,
    say: (line) => t.diagnostic(line),
  });
  assert.deepEqual(
    outcomes.map(({ name, found }) => [name, found]),
    quick.map(({ name }) => [name, 'no violation']),
  );
  for (const { name, cases } of outcomes) assert.ok(cases > 0, `${name}: no case was checked`);
});
