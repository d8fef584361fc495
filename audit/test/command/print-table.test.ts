import assert from 'node:assert/strict';
import test from 'node:test';
import { exitCodeOf, storedPromises } from '../../src/command/exit-code.ts';
import { describeViolation, printTable } from '../../src/command/print-table.ts';
import { toCheckResult } from '../../src/findings/check-result.ts';

const lost = { problem: 'lost', order_id: 'a1', topic: 'customer_orders', partition: 3, offset: 1207 };
const ok = toCheckResult('P1', { cases: 1_234, found: [] }, 0);
const fresh = toCheckResult(
  'P3',
  {
    cases: 5,
    found: [],
    figures: {
      freshness_p50_ms: 0,
      freshness_p99_ms: 12,
      freshness_max_ms: 40,
      freshness_target_ms: 30,
      freshness_late: 1,
      freshness_measured: 5,
    },
    serviceLevel: { met: false, text: '1 of 5' },
  },
  0,
);
const broken = toCheckResult('P2', { cases: 9, found: [{ count: 7, first: [lost] }] }, 0);
const unasked = toCheckResult('P5', { cases: 0, found: [], unchecked: 'ksqlDB: no answer' }, 0);

test('prints one table, and the violations below it', () => {
  const text = printTable([ok, broken, fresh, unasked]);
  assert.match(text, /^P1 {2}every order .* 1,234 +0 {2}ok$/m);
  assert.match(text, /^P2 lost: order_id a1, customer_orders 3 @ 1207$/m);
  assert.match(text, /^P2 … and 6 more$/m);
  assert.match(text, /^P3 freshness: p50 0 ms, p99 12 ms, max 40 ms, 1 of 5 above 30 ms$/m);
  assert.match(text, /^P3 service level missed: 1 of 5$/m);
  assert.match(text, /^P5 could not be checked: ksqlDB: no answer$/m);
});

test('describes a violation by its known fields', () => {
  assert.equal(describeViolation({ problem: 'not_in_ksqldb', customer_id: 5 }), 'not_in_ksqldb: customer_id 5');
  assert.equal(
    describeViolation({ ...lost, detail: 'after it had waited' }).endsWith('@ 1207 (after it had waited)'),
    true,
  );
});

test('a missed service level changes neither the state nor the exit code', () => {
  assert.deepEqual([fresh.state, fresh.service_level?.met], ['ok', false]);
  assert.equal(exitCodeOf([fresh], ['P3']), 0);
});

test('exit code 1 for a broken promise, 2 for a required one that is unchecked', () => {
  assert.equal(exitCodeOf([ok, unasked], storedPromises), 0);
  assert.equal(exitCodeOf([ok, unasked], ['P1', 'P5']), 2);
  assert.equal(exitCodeOf([unasked, broken], ['P5']), 1);
});
