import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createIdSet } from '../../src/figures/id-set.ts';

test('counts each id once, wherever it lies', () => {
  const ids = createIdSet();
  for (const id of [1, 2, 2, 65_535, 65_536, 9_000_000_000]) ids.add(id);
  assert.equal(ids.size, 5);
  ids.delete(2);
  ids.delete(2);
  ids.delete(777);
  ids.delete(123_456_789);
  assert.equal(ids.size, 4);
});

test('continues from the stored state', () => {
  const ids = createIdSet();
  for (let id = 1; id <= 100_000; id++) ids.add(id);
  const again = createIdSet(JSON.parse(JSON.stringify(ids)));
  assert.equal(again.size, 100_000);
  again.delete(70_000);
  again.add(5);
  assert.equal(again.size, 99_999);
});
