import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type FetchedMessage, hideAborted } from '../../src/kafka/read-committed.ts';

const message = (offset: number, producerId: string): FetchedMessage => ({
  offset: String(offset),
  key: Buffer.from('key'),
  isControlRecord: false,
  batchContext: { producerId, inTransaction: true },
});
const marker = (offset: number, producerId: string, type: 0 | 1): FetchedMessage => ({
  ...message(offset, producerId),
  key: Buffer.from([0, 0, 0, type]),
  isControlRecord: true,
});
const [abort, commit] = [0, 1] as const;

/** The offsets of what a consumer is shown. */
function shown(messages: FetchedMessage[], aborted: [producerId: string, firstOffset: number][]): string[] {
  const partition = {
    messages,
    abortedTransactions: aborted.map(([producerId, firstOffset]) => ({ producerId, firstOffset: String(firstOffset) })),
  };
  hideAborted(partition);
  assert.deepEqual(partition.abortedTransactions, []);
  return partition.messages.filter(({ isControlRecord }) => !isControlRecord).map(({ offset }) => offset);
}

test('aborted transactions are hidden although they ended in another order than they began', () => {
  const messages = [
    message(0, 'a'),
    message(1, 'b'),
    message(2, 'c'),
    marker(3, 'b', abort),
    marker(4, 'c', commit),
    marker(5, 'a', abort),
  ];
  assert.deepEqual(
    shown(messages, [
      ['b', 1],
      ['a', 0],
    ]),
    ['2'],
  );
});

test('several that began before the first message of a fetch are hidden from it on', () => {
  const messages = [
    message(10, 'b'),
    message(11, 'a'),
    message(12, 'c'),
    marker(13, 'a', abort),
    marker(14, 'b', abort),
  ];
  assert.deepEqual(
    shown(messages, [
      ['a', 3],
      ['b', 5],
    ]),
    ['12'],
  );
});

test('after the marker the same producer is shown again, and hidden again', () => {
  const messages = [
    message(0, 'a'),
    marker(1, 'a', abort),
    message(2, 'a'),
    marker(3, 'a', commit),
    message(4, 'a'),
    marker(5, 'a', abort),
  ];
  assert.deepEqual(
    shown(messages, [
      ['a', 0],
      ['a', 4],
    ]),
    ['2'],
  );
});

test('a record whose key looks like a marker is no marker, and records outside of transactions are shown', () => {
  const lookalike = { ...message(1, 'a'), key: Buffer.from([0, 0, 0, abort]) };
  const plain = { ...message(3, 'a'), batchContext: { producerId: 'a', inTransaction: false } };
  const messages = [message(0, 'a'), lookalike, message(2, 'a'), plain, marker(4, 'a', abort)];
  assert.deepEqual(shown(messages, [['a', 0]]), ['3']);
});
