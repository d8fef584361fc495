import assert from 'node:assert/strict';
import test from 'node:test';
import fc from 'fast-check';
import { createIntervalSet } from '../../src/orders/interval-set.ts';

const steps = fc.array(
  fc.oneof(
    fc.record({ kind: fc.constant('add' as const), from: fc.nat(40), length: fc.nat(5) }),
    fc.record({ kind: fc.constant('delete' as const), from: fc.nat(40), length: fc.constant(0) }),
  ),
  { maxLength: 80 },
);

test('holds what a plain set holds, in the fewest intervals', () => {
  fc.assert(
    fc.property(steps, fc.nat(45), (list, end) => {
      const intervals = createIntervalSet();
      const plain = new Set<number>();
      for (const { kind, from, length } of list) {
        if (kind === 'delete') {
          intervals.delete(from);
          plain.delete(from);
        } else {
          intervals.add(from, from + length);
          for (let member = from; member <= from + length; member++) plain.add(member);
        }
      }
      const sorted = [...plain].sort((a, b) => a - b);
      assert.deepEqual([...intervals.below(Number.POSITIVE_INFINITY)], sorted);
      assert.equal(intervals.size, sorted.length);
      assert.deepEqual(
        [...intervals.below(end)],
        sorted.filter((member) => member < end),
      );
      assert.deepEqual(
        [...intervals.below(end, 7)],
        sorted.filter((member) => member >= 7 && member < end),
      );
      assert.equal(intervals.intervals, sorted.filter((member) => !plain.has(member - 1)).length);
      for (let member = 0; member < 48; member++) assert.equal(intervals.has(member), plain.has(member));
    }),
  );
});
