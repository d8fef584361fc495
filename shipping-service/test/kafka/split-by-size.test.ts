import assert from 'node:assert/strict';
import { test } from 'node:test';
import { splitBySize } from '../../src/kafka/split-by-size.ts';

const message = (bytes: number) => ({ key: 'k', value: Buffer.alloc(bytes) });

test('keeps small writes whole and skips empty ones', () => {
  const writes = [
    { topic: 'a', messages: [message(10), message(10)] },
    { topic: 'b', messages: [] },
  ];
  assert.deepEqual([...splitBySize(writes, 1_000)], [writes[0]]);
});

test('splits by bytes, in order, without losing any', () => {
  const messages = Array.from({ length: 100 }, (_, i) => ({ key: String(i), value: Buffer.alloc(90) }));
  const portions = [...splitBySize([{ topic: 'a', messages }], 1_000)];
  assert.ok(portions.length > 10);
  assert.deepEqual(
    portions.flatMap((portion) => portion.messages),
    messages,
  );
  for (const portion of portions) assert.ok(portion.messages.length <= 8);
});

test('a message larger than the limit gets its own portion', () => {
  const portions = [...splitBySize([{ topic: 'a', messages: [message(10), message(5_000), message(10)] }], 1_000)];
  assert.deepEqual(
    portions.map(({ messages }) => messages.length),
    [1, 1, 1],
  );
});

test('counts the bytes of headers', () => {
  const messages = Array.from({ length: 10 }, () => ({ value: null, headers: { why: 'x'.repeat(400) } }));
  assert.equal([...splitBySize([{ topic: 'a', messages }], 1_000)].length, 5);
});
