import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createTopics, nameTopics, testKafkaSettings } from '@shop/test-support';
import kafkajs, { type Admin } from 'kafkajs';
import { createLogger, createReport, ensureTopics } from '../../src/index.ts';
import { brokerTimestamps } from '../../src/kafka/broker-timestamps.ts';

async function readConfig(admin: Admin, topic: string): Promise<Record<string, string>> {
  const { resources } = await admin.describeConfigs({
    resources: [{ type: kafkajs.ConfigResourceTypes.TOPIC, name: topic }],
    includeSynonyms: false,
  });
  return Object.fromEntries(
    (resources[0]?.configEntries ?? []).map(({ configName, configValue }) => [configName, configValue]),
  );
}

test('new and existing topics get broker timestamps, and an existing one keeps its other settings', async (t) => {
  const { kafka, env } = nameTopics(t, 'NEW_TOPIC', 'OLD_TOPIC');
  const { NEW_TOPIC: fresh = '', OLD_TOPIC: old = '' } = env;
  const admin = kafka.admin();
  await admin.connect();
  t.after(() => admin.disconnect());
  await createTopics(admin, [old], 1, { 'retention.ms': '7200000' });
  assert.equal((await readConfig(admin, old))['message.timestamp.type'], 'CreateTime');

  const settings = testKafkaSettings();
  const config = { ...brokerTimestamps, 'retention.ms': '3600000' };
  const topics = [fresh, old].map((topic) => ({ topic, partitions: 1, config }));
  const context = {
    logger: createLogger('test', { LOG_LEVEL: 'silent' }),
    report: createReport(),
    signal: new AbortController().signal,
  };
  await ensureTopics(kafka, settings, topics, context);
  for (const [topic, retention] of [
    [fresh, '3600000'],
    [old, '7200000'],
  ] as const) {
    const found = await readConfig(admin, topic);
    assert.deepEqual([found['message.timestamp.type'], found['retention.ms']], ['LogAppendTime', retention]);
  }
});
