import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createConnectorRepairs } from '../../src/customers/connector-repairs.ts';

const note = (key: string, value: string | null, timestamp: number) => ({
  key: Buffer.from(key),
  value: value === null ? null : Buffer.from(value),
  timestamp,
});

test('the last repair ends when no connector has a note', () => {
  const repairs = createConnectorRepairs();
  repairs.noteAllRead();
  assert.equal(repairs.endedAt(), 0, 'there was none');
  repairs.noteRecord(note('a', '{}', 1));
  repairs.noteRecord(note('b', 'unreadable', 2));
  repairs.noteRecord(note('a', null, 3));
  assert.equal(repairs.endedAt(), Number.POSITIVE_INFINITY, 'b is repaired');
  repairs.noteRecord(note('b', null, 4));
  assert.equal(repairs.endedAt(), 4);
});

test('marks and snapshots of a connector are no repairs', () => {
  const repairs = createConnectorRepairs();
  repairs.noteAllRead();
  repairs.noteRecord(note('a/marks', '{}', 1));
  repairs.noteRecord(note('a/snapshots', '{}', 2));
  assert.equal(repairs.endedAt(), 0);
});

test('a repair may be open until all notes are read, and is not after the notes were lost', () => {
  const repairs = createConnectorRepairs();
  assert.equal(repairs.endedAt(), Number.POSITIVE_INFINITY);
  repairs.noteRecord(note('a', '{}', 1));
  repairs.noteAllRead();
  const before = Date.now();
  repairs.noteLost();
  assert.ok(repairs.endedAt() >= before && repairs.endedAt() <= Date.now());
});
