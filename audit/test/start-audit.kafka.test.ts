import assert from 'node:assert/strict';
import test from 'node:test';
import { readTopics } from '@shop/common';
import { createShopDatabase, followTopic, nameTopics } from '@shop/test-support';
import { startAudit } from '../src/start-audit.ts';
import { openAuditContext, topicVariables } from './support/audit-context.ts';

test('the service publishes a result of every check with only Kafka and Postgres', async (t) => {
  const { kafka, env } = nameTopics(t, ...topicVariables, 'AUDIT_RESULTS_TOPIC', 'SERVICE_STATUS_TOPIC');
  const { env: database } = await createShopDatabase(t);
  const { context } = openAuditContext(t, { ...env, ...database, TOPIC_PARTITIONS: '1', AUDIT_INTERVAL_MS: '1000' });
  await startAudit(context);
  const results = await followTopic(t, kafka, readTopics(env).auditResults.topic);
  const first = await results.reach(8);
  assert.deepEqual(first.map(({ key }) => String(key)).sort(), ['P1', 'P2', 'P3', 'P4', 'P5', 'P6', 'P7', 'P8']);
  const P3 = JSON.parse(String(first.find(({ key }) => String(key) === 'P3')?.value));
  assert.deepEqual([P3.state, P3.text], ['unchecked', 'there are no deliveries']);
  assert.deepEqual(P3.service_level, { met: true, text: '0 of 0 addresses of the last 10 min were older than 5 s' });
});
