import assert from 'node:assert/strict';
import { test } from 'node:test';
import { until } from '@shop/test-support';
import { openStream } from '../support/open-stream.ts';
import { readStream } from '../support/stream-reader.ts';

test('every client gets the topics that it asked for, numbered without gaps', async (t) => {
  const { port, publish } = await openStream(t);
  const all = await readStream(port);
  const onlyB = await readStream(port, '/?topics=b');
  for (let value = 1; value <= 500; value += 1) publish(value % 2 ? 'a' : 'b', String(value), value % 3);
  await until('all events', () => all.events().length === 500 && onlyB.events().length === 250);
  assert.deepEqual(
    all.events().map(({ value }) => value),
    Array.from({ length: 500 }, (_, index) => index + 1),
  );
  const last = new Map<string, number>();
  for (const { topic, partition, seq } of all.events()) {
    const id = `${topic}/${partition}`;
    assert.equal(seq, (last.get(id) ?? 0) + 1);
    last.set(id, Number(seq));
  }
  assert.ok(onlyB.events().every(({ topic }) => topic === 'b'));
});

test('the greeting has the next number of each partition', async (t) => {
  const { port, publish, hub } = await openStream(t);
  publish('a', '1', 4);
  publish('b', '2');
  const reader = await readStream(port, '/?topics=a');
  await until('hello', () => reader.texts.length === 1);
  assert.deepEqual(reader.said(), [
    {
      type: 'hello',
      stream: hub.stream,
      topics: ['a'],
      replayed: 0,
      sequences: [{ topic: 'a', partition: 4, next_seq: 2 }],
    },
  ]);
});

test('the live stream follows a replay without a gap or a repetition', async (t) => {
  const { port, publish } = await openStream(t);
  for (let value = 1; value <= 20; value += 1) publish('a', String(value));
  const reader = await readStream(port, '/?replay=5');
  publish('a', '21');
  await until('six events', () => reader.events().length === 6);
  assert.deepEqual(
    reader.events().map(({ value }) => value),
    [16, 17, 18, 19, 20, 21],
  );
});

test('raw mode sends values and nothing else', async (t) => {
  const { port, publish } = await openStream(t);
  const reader = await readStream(port, '/?topics=a&mode=raw&replay=3');
  for (const value of ['{"x": 1}', null, 'no json']) publish('a', value);
  await until('two values', () => reader.texts.length === 2);
  assert.deepEqual(reader.texts, ['{"x": 1}', 'no json']);
});

test('a client that does not read gets a gap for the missed messages; the others get all', async (t) => {
  const { port, publish, missed } = await openStream(t, { CLIENT_BUFFER_KIB: '64' });
  const slow = await readStream(port);
  const quick = await readStream(port);
  slow.webSocket.pause();
  const padding = 'x'.repeat(2_000);
  let published = 0;
  await until('the slow one misses something', () => {
    for (let i = 0; i < 200; i += 1) publish('a', JSON.stringify({ n: ++published, padding }));
    return missed() > 0;
  });
  await until('the quick one has all', () => quick.events().length === published);
  slow.webSocket.resume();
  await until('the gap is announced', () => slow.said().some(({ type }) => type === 'gap'));
  publish('a', '"after"');
  await until('the stream goes on', () => slow.events().at(-1)?.value === 'after');

  const told = new Set<number>();
  for (const { type, seq, from_seq, to_seq, reason } of slow.said()) {
    if (type === undefined) told.add(Number(seq));
    if (type !== 'gap') continue;
    assert.equal(reason, 'slow_client');
    for (let n = Number(from_seq); n <= Number(to_seq); n += 1) told.add(n);
  }
  assert.equal(told.size, published + 1, 'every number came or was announced as missed');
});

test('a raw reader that is too slow is disconnected, because values cannot announce a gap', async (t) => {
  const { port, publish, missed } = await openStream(t, { CLIENT_BUFFER_KIB: '64' });
  const slow = await readStream(port, '/?mode=raw');
  slow.webSocket.pause();
  await until('something is left out', () => {
    for (let i = 0; i < 200; i += 1) publish('a', JSON.stringify('x'.repeat(2_000)));
    return missed() > 0;
  });
  slow.webSocket.resume();
  await until('closed', () => slow.closed.code !== undefined);
  assert.equal(slow.closed.code, 1013);
});

test('messages that were deleted unread are announced', async (t) => {
  const { port, hub } = await openStream(t);
  const reader = await readStream(port);
  const place = { topic: 'a', partition: 1 };
  hub.announceGap({ ...place, reason: 'deleted_unread', position: 3, continuesAt: 10 });
  hub.announceGap({ ...place, reason: 'topic_recreated', position: 20, continuesAt: 1 });
  const gaps = () => reader.said().filter(({ type }) => type === 'gap');
  await until('announced', () => gaps().length === 2);
  assert.deepEqual(gaps(), [
    { type: 'gap', ...place, reason: 'deleted_by_kafka', from_offset: 3, to_offset: 9 },
    { type: 'gap', ...place, reason: 'topic_recreated', from_offset: 0, to_offset: 0 },
  ]);
});
