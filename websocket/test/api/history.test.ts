import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createHistory } from '../../src/api/history.ts';

const sent = (topic: string, seq: number, rawFrame: Buffer | null = Buffer.from(`r${seq}`)) => ({
  topic,
  partition: 0,
  seq,
  frame: Buffer.from(`${topic}${seq}`),
  rawFrame,
});
const everything = { count: 1_000, bytes: 1_000_000, raw: false };
const texts = (frames: Buffer[]) => frames.map(String);

test('the last messages of several topics come in the order they arrived', () => {
  const history = createHistory({ count: 10, bytes: 1_000 });
  for (const [topic, seq] of [
    ['a', 1],
    ['b', 1],
    ['a', 2],
    ['c', 1],
  ] as const)
    history.add(sent(topic, seq));
  assert.deepEqual(texts(history.last(['a', 'b'], { ...everything, count: 2 }).frames), ['b1', 'a2']);
  assert.deepEqual(texts(history.last(['a', 'b', 'c'], everything).frames), ['a1', 'b1', 'a2', 'c1']);
  assert.deepEqual(history.last(['a'], { ...everything, count: 0 }).frames, []);
});

test('a busy topic does not push out a quiet one, and memory is bounded', () => {
  const history = createHistory({ count: 50, bytes: 100_000 });
  history.add(sent('quiet', 1));
  for (let seq = 1; seq <= 10_000; seq += 1) history.add(sent('busy', seq));
  const { frames, spans } = history.last(['busy', 'quiet'], everything);
  assert.equal(String(frames[0]), 'quiet1');
  assert.ok(frames.length > 40 && frames.length <= 57, `${frames.length} frames`);
  assert.equal(spans.get('busy/0')?.to_seq, 10_000);
});

test('bytes are bounded too', () => {
  const history = createHistory({ count: 1_000, bytes: 10_000 });
  for (let seq = 1; seq <= 100; seq += 1)
    history.add({ topic: 'a', partition: 0, seq, frame: Buffer.alloc(1_000), rawFrame: null });
  assert.ok(history.last(['a'], everything).frames.length <= 11);
  assert.equal(history.last(['a'], { ...everything, bytes: 3_500 }).frames.length, 3);
});

test('raw replay leaves tombstones out', () => {
  const history = createHistory({ count: 10, bytes: 1_000 });
  history.add(sent('a', 1));
  history.add(sent('a', 2, null));
  assert.deepEqual(texts(history.last(['a'], { ...everything, raw: true }).frames), ['r1']);
});
