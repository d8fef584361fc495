import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createProgressWatch } from '../src/query-progress.ts';

const at = (committed: number | undefined, end: number, partition = 0) => ({
  topic: 't',
  partition,
  committed,
  start: 0,
  end,
});

test('a query that commits, or has nothing to read, is not stuck', () => {
  const watch = createProgressWatch();
  for (let second = 0; second < 60; second += 1)
    assert.equal(watch.note('q', [at(second, second + 100), at(undefined, 0, 1)], second * 1_000), 0);
});

test('a lag that does not grow is a marker of a transaction', () => {
  const watch = createProgressWatch();
  for (let second = 0; second < 60; second += 1) assert.equal(watch.note('q', [at(9, 10)], second * 1_000), 0);
});

test('messages that come and are not read count, from the first of them on, until the query moves', () => {
  const watch = createProgressWatch();
  assert.equal(watch.note('q', [at(9, 10)], 0), 0);
  assert.equal(watch.note('q', [at(9, 11)], 1_000), 0);
  assert.equal(watch.note('q', [at(9, 12)], 2_000), 1_000);
  assert.equal(watch.note('q', [at(9, 12)], 5_000), 4_000);
  assert.equal(watch.note('q', [at(10, 12)], 6_000), 0);
});

test('a query that never committed anything makes no progress, although no new message arrives', () => {
  const watch = createProgressWatch();
  watch.note('q', [at(undefined, 10), at(undefined, 0, 1)], 0);
  assert.equal(watch.note('q', [at(undefined, 10), at(undefined, 0, 1)], 9_000), 9_000);
});

test('a pause of the process itself is not mistaken for a query that makes no progress', () => {
  const watch = createProgressWatch();
  watch.note('q', [at(undefined, 10)], 0);
  watch.note('q', [at(undefined, 10)], 1_000);
  assert.ok(watch.note('q', [at(undefined, 10)], 1_200_000) < 20_000);
});

test('starts over after a gap between two looks', () => {
  const watch = createProgressWatch();
  watch.note('q', [at(undefined, 10)], 0);
  watch.clear();
  assert.equal(watch.note('q', [at(undefined, 10)], 9_000), 0);
});
