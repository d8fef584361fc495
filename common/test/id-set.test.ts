import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { createIdSet } from '../src/id-set.ts';

const id = fc.oneof(fc.integer({ min: -5_000, max: 5_000 }), fc.maxSafeInteger());

test('holds the ids that a Set holds, also after a way through JSON', () => {
  fc.assert(
    fc.property(fc.array(fc.record({ id, isAdded: fc.boolean() })), (steps) => {
      const ids = createIdSet();
      const expected = new Set<number>();
      for (const step of steps) {
        const isNew = step.isAdded && !expected.has(step.id);
        const was = !step.isAdded && expected.has(step.id);
        assert.equal(step.isAdded ? ids.add(step.id) : ids.delete(step.id), isNew || was);
        if (step.isAdded) expected.add(step.id);
        else expected.delete(step.id);
      }
      const sorted = [...expected].toSorted((a, b) => a - b);
      for (const each of [ids, createIdSet(JSON.parse(JSON.stringify(ids)))]) {
        assert.deepEqual([...each.ascending()], sorted);
        assert.deepEqual([...each.descending()], sorted.toReversed());
        assert.equal(each.size, expected.size);
        for (const step of steps) assert.equal(each.has(step.id), expected.has(step.id));
      }
    }),
  );
});
