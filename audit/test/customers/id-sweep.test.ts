import assert from 'node:assert/strict';
import test from 'node:test';
import fc from 'fast-check';
import { createIdSweep } from '../../src/customers/id-sweep.ts';

const idSet = fc.uniqueArray(fc.integer({ min: 1, max: 60 }), { maxLength: 60 });

/** Runs one sweep. @returns the ids of each of its ranges */
function runSweep(postgres: readonly number[], known: readonly number[], mostIds: number): number[][] {
  const sweep = createIdSweep(() => known, mostIds);
  const sorted = postgres.toSorted((a, b) => a - b);
  const ranges: number[][] = [];
  for (;;) {
    const range = sweep.choose(sorted.filter((id) => id > sweep.after).slice(0, mostIds));
    ranges.push([...range.ids]);
    if (sweep.finish(range)) return ranges;
  }
}

test('a sweep has each id once, and no range is too long', () => {
  fc.assert(
    fc.property(idSet, idSet, fc.integer({ min: 1, max: 20 }), (postgres, known, mostIds) => {
      const ranges = runSweep(postgres, known, mostIds);
      assert.deepEqual(ranges.flat().toSorted(), [...new Set([...postgres, ...known])].toSorted());
      for (const ids of ranges) assert.ok(ids.length <= 2 * mostIds, `${ids.length} ids in a range`);
    }),
  );
});

test('a range that was not compared is returned again', () => {
  const sweep = createIdSweep(() => [1, 2, 3], 2);
  assert.deepEqual([...sweep.choose([2, 4]).ids], [2, 1]);
  assert.deepEqual([...sweep.choose([2, 4]).ids], [2, 1]);
});
