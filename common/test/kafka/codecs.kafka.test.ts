import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { test } from 'node:test';
import { createTopics, followTopic, nameTopics } from '@shop/test-support';

for (const codec of ['gzip', 'snappy', 'lz4', 'zstd'])
  test(`reads a topic whose broker compresses with ${codec}`, async (t) => {
    const { kafka, env } = nameTopics(t, 'COMPRESSED_TOPIC');
    const topic = env['COMPRESSED_TOPIC'] ?? '';
    const admin = kafka.admin();
    await admin.connect();
    t.after(() => admin.disconnect());
    await createTopics(admin, [topic], 1, { 'compression.type': codec });
    const producer = kafka.producer();
    await producer.connect();
    t.after(() => producer.disconnect());
    const values = [...Array.from({ length: 50 }, randomUUID), 'x'.repeat(200_000)];
    await producer.send({ topic, messages: values.map((value) => ({ value })) });
    const { reach } = await followTopic(t, kafka, topic);
    assert.deepEqual(
      (await reach(values.length)).map(({ value }) => String(value)),
      values,
    );
  });
