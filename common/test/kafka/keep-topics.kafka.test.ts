import assert from 'node:assert/strict';
import { test } from 'node:test';
import { nameTopics, until } from '@shop/test-support';
import {
  createClosers,
  createLogger,
  createReport,
  ensureTopics,
  keepTopics,
  readKafkaSettings,
} from '../../src/index.ts';

test('a topic that is deleted is recreated, with its partitions and settings', async (t) => {
  const { kafka, env } = nameTopics(t, 'KEPT', 'OTHER');
  const { KEPT: kept = '', OTHER: other = '' } = env;
  const ending = new AbortController();
  const closers = createClosers();
  t.after(async () => {
    ending.abort();
    await closers.closeAll();
  });
  const topics = [kept, other].map((topic) => ({ topic, partitions: 3, config: { 'cleanup.policy': 'compact' } }));
  const settings = readKafkaSettings({ ...env, KAFKA_SECURITY_PROTOCOL: 'PLAINTEXT' });
  const context = {
    logger: createLogger('test', { LOG_LEVEL: 'silent' }),
    report: createReport(),
    signal: ending.signal,
    onClose: closers.add,
    fail: (error: unknown) => assert.fail(String(error)),
  };
  await keepTopics(kafka, settings, topics, context);
  const admin = kafka.admin();
  await admin.connect();
  t.after(() => admin.disconnect());
  const producer = kafka.producer();
  await producer.connect();
  await producer.send({ topic: kept, messages: [{ key: 'k', value: 'v' }] });
  await producer.disconnect();
  const countAll = async () => (await admin.fetchTopicOffsets(kept)).reduce((sum, { high }) => sum + Number(high), 0);
  assert.equal(await countAll(), 1);

  await admin.deleteTopics({ topics: [kept] });
  await until('the topic recreated', async () => (await admin.listTopics()).includes(kept));
  // Only waits for its leaders: it is there.
  await ensureTopics(kafka, settings, topics, context);
  assert.equal(await countAll(), 0);
  const { topics: metadata } = await admin.fetchTopicMetadata({ topics: [kept] });
  assert.equal(metadata[0]?.partitions.length, 3);
});
