import assert from 'node:assert/strict';
import test from 'node:test';
import { createStreamSequences } from '../../src/browser/stream-sequences.ts';

const hello = (next: number, stream = 's') => ({
  type: 'hello',
  stream,
  topics: ['shipments'],
  replayed: 0,
  sequences: [{ topic: 'shipments', partition: 0, next_seq: next }],
});
const event = (seq: number, offset = seq * 2, partition = 0) => ({
  topic: 'shipments',
  partition,
  offset,
  key: null,
  value: null,
  timestamp: 1,
  seq,
});
const gap = (from: number, to: number) => ({
  type: 'gap',
  reason: 'slow_client',
  topic: 'shipments',
  partition: 0,
  from_seq: from,
  to_seq: to,
  missed: to - from + 1,
});

function problemsOf(frames: unknown[]): string[] {
  const sequences = createStreamSequences();
  for (const frame of frames) sequences.read(typeof frame === 'string' ? frame : JSON.stringify(frame));
  return sequences.found.first.map(({ problem }) => problem);
}

test('consecutive numbers, announced gaps and new partitions pass', () => {
  assert.deepEqual(
    problemsOf([hello(5), event(5), event(6), gap(7, 9), event(10), event(1, 0, 1), event(2, 1, 1)]),
    [],
  );
  const deleted = {
    type: 'gap',
    reason: 'deleted_by_kafka',
    topic: 'shipments',
    partition: 0,
    from_offset: 3,
    to_offset: 9,
  };
  assert.deepEqual(problemsOf([hello(5), event(5), deleted, event(6, 2)]), []);
});

test('a new connection may start at any number', () => {
  assert.deepEqual(problemsOf([hello(5), event(5), hello(90), event(90), hello(1, 'another'), event(1)]), []);
});

test('an unannounced gap is reported, also at the start and before an announced one', () => {
  assert.deepEqual(problemsOf([hello(5), event(5), event(7)]), ['silent_gap']);
  assert.deepEqual(problemsOf([hello(5), event(6)]), ['silent_gap']);
  assert.deepEqual(problemsOf([hello(5), gap(7, 8), event(9)]), ['silent_gap']);
  assert.deepEqual(problemsOf([hello(5), event(2, 0, 1)]), ['silent_gap']);
});

test('a repeated message and a repeated number are reported', () => {
  assert.deepEqual(problemsOf([hello(5), event(5), event(5)]), ['number_again']);
  assert.deepEqual(problemsOf([hello(5), event(5, 8), event(6, 8)]), ['offset_again']);
  assert.deepEqual(problemsOf([hello(5), event(5), hello(5)]), ['number_again']);
});

test('an unreadable frame is reported', () => {
  assert.deepEqual(problemsOf(['{', { type: 'what' }]), ['unreadable_frame', 'unreadable_frame']);
});
