import assert from 'node:assert/strict';
import test from 'node:test';
import { createPositions } from '../../src/kafka/positions.ts';

const ends = (low: number, high: number) =>
  new Map([['orders', [{ partition: 0, low: String(low), high: String(high) }]]]);

test('begins at the first message there is, and has reached the end past the last marker', () => {
  const positions = createPositions();
  assert.deepEqual(positions.meet(ends(100, 120)), []);
  assert.equal(positions.next('orders', 0), 100);
  assert.equal(positions.starts('orders').get(0), 100);
  positions.moveTo('orders', 0, 119);
  assert.equal(positions.reached(ends(100, 120)), false);
  positions.moveTo('orders', 0, 120);
  assert.equal(positions.reached(ends(100, 120)), true);
});

test('tells messages deleted unread, and a topic made anew', () => {
  const positions = createPositions();
  positions.meet(ends(0, 50));
  const lost = { topic: 'orders', partition: 0 };
  assert.deepEqual(positions.meet(ends(10, 50)), [{ ...lost, reason: 'deleted_unread', offsets: 10 }]);
  positions.moveTo('orders', 0, 50);
  assert.deepEqual(positions.meet(ends(0, 3)), [], 'reading may have gone on since the end was asked for');
  assert.deepEqual(positions.meet(ends(0, 3)), [{ ...lost, reason: 'topic_made_anew', offsets: 50 }]);
  assert.equal(positions.next('orders', 0), 0);
});

test('reading that is always ahead of an end asked for a moment ago is no loss', () => {
  const positions = createPositions();
  positions.meet(ends(0, 10));
  for (const at of [20, 30, 40]) {
    positions.moveTo('orders', 0, at);
    assert.deepEqual(positions.meet(ends(0, at - 5)), []);
  }
});

test('a batch from before the position tells a topic made anew only when the topic ends before it', () => {
  const positions = createPositions();
  positions.meet(ends(0, 50));
  positions.moveTo('orders', 0, 50);
  assert.equal(positions.meetBatch('orders', 0, { fetched: 50, first: 50, end: 60 }), undefined);
  assert.equal(positions.meetBatch('orders', 0, { fetched: 40, first: 40, end: 60 }), undefined, 'read again');
  const lost = { topic: 'orders', partition: 0, reason: 'topic_made_anew', offsets: 50 };
  assert.deepEqual(positions.meetBatch('orders', 0, { fetched: 0, first: 0, end: 3 }), lost);
  assert.equal(positions.next('orders', 0), 0);
  assert.equal(positions.meetBatch('orders', 0, { fetched: 0, first: 0, end: 3 }), undefined, 'told once');
});

test('records that were deleted under the position are counted when reading goes on behind them', () => {
  const positions = createPositions();
  positions.meet(ends(0, 50));
  positions.moveTo('orders', 0, 10);
  const lost = { topic: 'orders', partition: 0, reason: 'deleted_unread', offsets: 30 };
  assert.deepEqual(positions.meetBatch('orders', 0, { fetched: 40, first: 42, end: 50 }), lost);
  assert.equal(positions.next('orders', 0), 40);
  assert.equal(positions.meetBatch('orders', 0, { fetched: 40, first: 42, end: 50 }), undefined, 'told once');
});
