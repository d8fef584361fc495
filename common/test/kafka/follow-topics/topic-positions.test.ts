import assert from 'node:assert/strict';
import test from 'node:test';
import { createTopicPositions } from '../../../src/kafka/follow-topics/topic-positions.ts';

const ends = (low: number, high: number) =>
  new Map([['orders', [{ partition: 0, low: String(low), high: String(high) }]]]);

test('starts at the first message, and reaches the end behind the last transaction marker', () => {
  const positions = createTopicPositions();
  assert.deepEqual(positions.update(ends(100, 120)), []);
  assert.equal(positions.next('orders', 0), 100);
  assert.equal(positions.starts('orders').get(0), 100);
  positions.moveTo('orders', 0, 119);
  assert.equal(positions.reached(ends(100, 120)), false);
  positions.moveTo('orders', 0, 120);
  assert.equal(positions.reached(ends(100, 120)), true);
});

test('reports messages that were deleted unread, and a recreated topic', () => {
  const positions = createTopicPositions();
  positions.update(ends(0, 50));
  const lost = { topic: 'orders', partition: 0 };
  assert.deepEqual(positions.update(ends(10, 50)), [
    { ...lost, reason: 'deleted_unread', position: 0, continuesAt: 10 },
  ]);
  positions.moveTo('orders', 0, 50);
  assert.deepEqual(positions.update(ends(0, 3)), [], 'reading may have continued since the end was requested');
  assert.deepEqual(positions.update(ends(0, 3)), [
    { ...lost, reason: 'topic_recreated', position: 50, continuesAt: 0 },
  ]);
  assert.equal(positions.next('orders', 0), 0);
});

test('reading beyond an end that was requested earlier is no loss', () => {
  const positions = createTopicPositions();
  positions.update(ends(0, 10));
  for (const at of [20, 30, 40]) {
    positions.moveTo('orders', 0, at);
    assert.deepEqual(positions.update(ends(0, at - 5)), []);
  }
});

test('a batch before the position belongs to a recreated topic only if the topic ends before it', () => {
  const positions = createTopicPositions();
  positions.update(ends(0, 50));
  positions.moveTo('orders', 0, 50);
  assert.equal(positions.checkBatch('orders', 0, { fetched: 50, first: 50, end: 60 }), undefined);
  assert.equal(positions.checkBatch('orders', 0, { fetched: 40, first: 40, end: 60 }), undefined, 'repeated');
  const lost = { topic: 'orders', partition: 0, reason: 'topic_recreated', position: 50, continuesAt: 0 };
  assert.deepEqual(positions.checkBatch('orders', 0, { fetched: 0, first: 0, end: 3 }), lost);
  assert.equal(positions.next('orders', 0), 0);
  assert.equal(positions.checkBatch('orders', 0, { fetched: 0, first: 0, end: 3 }), undefined, 'reported once');
});

test('counts records that were deleted at the position when reading continues behind them', () => {
  const positions = createTopicPositions();
  positions.update(ends(0, 50));
  positions.moveTo('orders', 0, 10);
  const lost = { topic: 'orders', partition: 0, reason: 'deleted_unread', position: 10, continuesAt: 40 };
  assert.deepEqual(positions.checkBatch('orders', 0, { fetched: 40, first: 42, end: 50 }), lost);
  assert.equal(positions.next('orders', 0), 40);
  assert.equal(positions.checkBatch('orders', 0, { fetched: 40, first: 42, end: 50 }), undefined, 'reported once');
});
