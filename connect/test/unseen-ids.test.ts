import assert from 'node:assert/strict';
import { test } from 'node:test';
import { findUnseen } from '../src/repair/unseen-ids.ts';

const listUnseen = (known: number[], last: number) => [
  ...findUnseen(
    known.toSorted((a, b) => b - a),
    last,
  ),
];

test('the ids between and after those that are known', () => {
  assert.deepEqual(listUnseen([2, 5], 7), [6, 7, 3, 4, 1]);
  assert.deepEqual(listUnseen([], 2), [1, 2]);
  assert.deepEqual(listUnseen([1, 2, 3], 3), []);
  assert.deepEqual(listUnseen([1, 2, 3], 0), [], 'known since the last id was read');
});

test('returns no ids that a sequence has skipped, and no old ones', () => {
  const far = 3_000_000_000;
  assert.deepEqual(listUnseen([1, 3, far], far + 2), [far + 1, far + 2]);
  assert.deepEqual(listUnseen([1, 3, ...Array.from({ length: 20 }, (_, n) => 5_000 * (n + 1))], 200_000), []);
  assert.ok(
    Math.min(...listUnseen([1, 3, ...Array.from({ length: 40 }, (_, n) => 5_000 * (n + 1))], 200_000)) > 100_000,
  );
});
