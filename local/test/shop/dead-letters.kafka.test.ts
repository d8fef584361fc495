import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type DeadLetterReason, readToEnd, readTopics, type TopicRecord, toDeadLetter } from '@shop/common';
import { nameTopics, openServiceContext, openTestKafka } from '@shop/test-support';
import { findDeadLetter, listDeadLetters, replayDeadLetter } from '../../src/shop/dead-letters.ts';

/** Two topics of three partitions, and what puts dead letters into partition 1 of one of them. */
async function open(t: test.TestContext) {
  const { env } = nameTopics(t, 'ORDERS_TOPIC', 'DEAD_LETTERS_TOPIC');
  const { context } = openServiceContext(t, 'shop', env);
  const topics = readTopics(env);
  const client = await openTestKafka();
  t.after(() => client.close());
  for (const { topic } of [topics.orders, topics.deadLetters]) await client.createTopic(topic, 3);

  const setAside = (value: Buffer | null, reason: DeadLetterReason, topic = topics.orders.topic) =>
    client.send(topics.deadLetters.topic, [
      {
        partition: 1,
        ...toDeadLetter(
          { key: Buffer.from('42'), value, timestamp: '0', offset: '7', headers: { from: 'a test' } },
          { topic, partition: 2, service: 'shipping-service' },
          reason,
        ),
      },
    ]);
  return { context, client, orders: topics.orders.topic, setAside };
}

test('lists the newest dead letters, and shows one whole', async (t) => {
  const { context, setAside, orders } = await open(t);
  assert.deepEqual(await listDeadLetters(5, context), []);
  for (const message of ['first', 'second', 'third'])
    await setAside(Buffer.from('no JSON'), { code: 'invalid_json', message });
  await setAside(Buffer.from([0xff, 0x00]), { code: 'invalid_json', message: 'fourth' });
  const listed = await listDeadLetters(2, context);
  assert.deepEqual(
    listed.map(({ place, message }) => [place, message]),
    [
      ['1/2', 'third'],
      ['1/3', 'fourth'],
    ],
  );
  const { at, ...shown } = await findDeadLetter('1/3', context);
  assert.ok(Date.parse(at) > 0);
  assert.deepEqual(shown, {
    place: '1/3',
    from: { topic: orders, partition: 2, offset: 7 },
    service: 'shipping-service',
    code: 'invalid_json',
    message: 'fourth',
    key: '42',
    value: 'base64:/wA=',
    headers: { from: 'a test' },
  });
  await assert.rejects(findDeadLetter('1/4', context), { code: 'no_such_dead_letter' });
});

test('sends a message again, as it was or corrected, to the partition in which it was found', async (t) => {
  const { context, client, setAside, orders } = await open(t);
  await setAside(Buffer.from([0xff, 0x00]), { code: 'invalid_json', message: '' });
  const letter = await findDeadLetter('1/0', context);
  assert.deepEqual(await replayDeadLetter(letter, undefined, context), { topic: orders, partition: 2, offset: 0 });
  assert.deepEqual(await replayDeadLetter(letter, '{}', context), { topic: orders, partition: 2, offset: 1 });
  const sent: TopicRecord[] = [];
  await readToEnd({ kafka: client.kafka, topic: orders, onRecord: (record) => sent.push(record) }, context);
  assert.deepEqual(
    sent.map(({ key, value, headers }) => [String(key), [...(value ?? [])], headers]),
    [
      ['42', [0xff, 0x00], { from: 'a test' }],
      ['42', [...Buffer.from('{}')], { from: 'a test' }],
    ],
  );
});

test('sends no second copy again, and nothing to another topic', async (t) => {
  const { context, setAside } = await open(t);
  await setAside(Buffer.from('{}'), { code: 'duplicate_order', message: '' });
  await setAside(Buffer.from('{}'), { code: 'invalid_json', message: '' }, 'another-topic');
  for (const place of ['1/0', '1/1'])
    await assert.rejects(replayDeadLetter(await findDeadLetter(place, context), '{}', context), {
      code: 'not_sent_again',
    });
});
