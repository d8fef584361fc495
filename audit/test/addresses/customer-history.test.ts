import assert from 'node:assert/strict';
import test from 'node:test';
import fc from 'fast-check';
import { createCustomerHistory } from '../../src/addresses/customer-history.ts';
import { historyChange } from '../support/records.ts';

const changes = ['A', 'B', 'C', 'B', 'D'].map((address, seq) =>
  historyChange({ offset: seq, at: seq * 1_000 }, seq === 0 ? 'c' : 'u', 1, address),
);
const rows = changes.map(({ row }) => row);

test('changes in any order, some of them repeated, give the same versions', () => {
  fc.assert(
    fc.property(fc.shuffledSubarray([...changes, ...changes], { minLength: 10 }), (shuffled) => {
      const history = createCustomerHistory(() => 0);
      for (const change of shuffled) history.add(change);
      assert.deepEqual(
        history.versionsOf(1).map(({ row }) => row),
        rows,
      );
      assert.equal(history.isComplete(1), true);
    }),
  );
});

test('a forgotten version is not added again', () => {
  const history = createCustomerHistory(() => 0);
  for (const change of changes) history.add(change);
  history.forgetBefore(1, 3);
  for (const change of changes) history.add(change);
  assert.deepEqual(
    history.versionsOf(1).map(({ row }) => row),
    rows.slice(3),
  );
  assert.equal(history.isComplete(1), false);
  history.forgetBefore(1, 9);
  assert.deepEqual([history.versionsOf(1).length, history.takeWithFormer(0, 10)], [1, []]);
});
