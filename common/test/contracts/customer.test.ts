import assert from 'node:assert/strict';
import { test } from 'node:test';
import { customerChange } from '../../src/index.ts';

const row = { first_name: 'Ada', last_name: 'Meier', zipcode: '10115', country: 'DE', address: 'Weg 1' };
const readAfter = (after: object) => customerChange.parse({ op: 'u', before: null, after, ts_ms: 1 }).after;

test('a change of a table whose columns others have changed is read as ksqlDB reads it', () => {
  assert.deepEqual(readAfter({ id: 5, ...row, zipcode: 10_115, loyalty: 3 }), { id: 5, ...row, loyalty: 3 });
  const { zipcode: _, ...without } = row;
  assert.deepEqual(readAfter({ id: 5, ...without, country: null }), { id: 5, ...row, zipcode: '', country: '' });
});

test('a change without an id is no change of a customer', () => {
  assert.throws(() => readAfter(row));
  assert.throws(() => readAfter({ id: '5', ...row }));
});
