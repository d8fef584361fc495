import assert from 'node:assert/strict';
import test from 'node:test';
import fc from 'fast-check';
import { createRecordLists } from '../../src/addresses/record-lists.ts';

const record = fc.tuple(fc.double(), fc.integer()).map((numbers) => numbers as number[]);
const step = fc.record({
  key: fc.integer({ min: 0, max: 5 }),
  action: fc.oneof(
    record.map((append) => ({ append })),
    fc.array(record, { maxLength: 5 }).map((write) => ({ write })),
  ),
});

test('lists return what was written to them, whatever they contained before', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 100 }), (steps) => {
      const lists = createRecordLists(2);
      const expected = new Map<number, number[][]>();
      for (const { key, action } of steps) {
        if ('append' in action) {
          lists.append(key, action.append);
          expected.set(key, [...(expected.get(key) ?? []), action.append]);
        } else {
          lists.write(key, action.write);
          if (action.write.length > 0) expected.set(key, action.write);
          else expected.delete(key);
        }
      }
      assert.deepEqual([...lists.keys()].toSorted(), [...expected.keys()].toSorted());
      for (const [key, records] of expected) {
        assert.deepEqual(lists.read(key), records);
        assert.deepEqual(lists.last(key), records.at(-1));
      }
    }),
  );
});

test('memory of removed records is reused', () => {
  const lists = createRecordLists(3);
  for (let round = 0; round < 10; round++) {
    for (let key = 0; key < 50_000; key++) lists.append(key, [key, round, Number.NaN]);
    for (let key = 0; key < 50_000; key++) lists.write(key, []);
  }
  assert.equal(lists.size, 0);
  assert.ok(lists.capacity <= 65_536, `memory for ${lists.capacity} records`);
});
