import assert from 'node:assert/strict';
import { test } from 'node:test';
import { buildChange, buildCustomer } from '@shop/test-support';
import { readStreamedChange } from '../../src/customers/read-streamed-change.ts';

const change = (changes: object = {}) =>
  Buffer.from(
    JSON.stringify({ ...buildChange('u', buildCustomer(5), { committedAt: 100, handledAt: 200 }), ...changes }),
  );

test('reads when Postgres committed a change and when the connector handled it', () => {
  const read = { customerId: 5, committedAt: 100, handledAt: 200 };
  assert.deepEqual(readStreamedChange(change()), read);
  assert.deepEqual(readStreamedChange(change({ op: 'd', before: { id: 5 }, after: null })), read);
});

test('returns nothing for snapshots, reported deletions, and messages that are no change', () => {
  assert.equal(readStreamedChange(change({ op: 'r' })), undefined);
  assert.equal(readStreamedChange(change({ source: { connector: 'registrar', ts_ms: 100 } })), undefined);
  assert.equal(readStreamedChange(null), undefined);
  assert.equal(readStreamedChange(Buffer.from('no JSON')), undefined);
});
