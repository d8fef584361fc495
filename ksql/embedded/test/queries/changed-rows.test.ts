import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { createChangedRows } from '../../src/queries/changed-rows.ts';
import type { Row } from '../../src/types/value.ts';

describe('changed rows', () => {
  /** Returns what a client sees of changes that are read in batches; a change without a row is a removal. */
  function shown(...portions: [key: string, row?: Row][][]): (Row | null)[] {
    const seen: (Row | null)[] = [];
    const changes = createChangedRows((_, after) => seen.push(after));
    for (const portion of portions) {
      for (const [id, after = null] of portion) changes.note({ id, before: null, after, partition: 0, timestamp: 0 });
      changes.flush();
    }
    return seen;
  }

  it('of one key that are read together become one, in the order of the last', () => {
    const [first, other, second] = [[1], [2], [3]];
    assert.deepEqual(
      shown([
        ['a', first],
        ['b', other],
        ['a', second],
      ]),
      [other, second],
    );
  });

  it('that are read one after another are all shown', () => {
    assert.deepEqual(shown([['a', [1]]], [['a', [2]]]), [[1], [2]]);
  });

  it('are removed only if the client has the row', () => {
    assert.deepEqual(shown([['a']], [['b', [1]], ['b']], [['c', [1]]], [['c']], [['c']]), [[1], null]);
  });
});
