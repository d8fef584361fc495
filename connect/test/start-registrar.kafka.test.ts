import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { createKafka } from '@shop/common';
import { createShopDatabase, runServiceProcess, testKafka, testKafkaSettings } from '@shop/test-support';
import { startSmallConnect } from './small-connect.ts';

const main = new URL('../src/main.ts', import.meta.url);
/** Topics for this process only, so that tests may share a broker. */
const statusTopic = `service_status_${process.pid}`;
const repairsTopic = `connector_repairs_${process.pid}`;

const startService = (t: TestContext, env: Record<string, string>) =>
  runServiceProcess(t, main, {
    KAFKA_BOOTSTRAP_SERVERS: testKafka(),
    KAFKA_SECURITY_PROTOCOL: 'PLAINTEXT',
    SERVICE_STATUS_TOPIC: statusTopic,
    REPAIRS_TOPIC: repairsTopic,
    CONNECTOR_CHECK_INTERVAL_MS: '200',
    ...env,
  });

test('makes the topics, registers the connector, tells its state, and ends with 0', async (t) => {
  const { url, configs } = await startSmallConnect(t);
  const database = await createShopDatabase(t);
  const service = startService(t, { CONNECT_URL: url, ...database.env });
  await service.said('waiting');
  // In place of Debezium, which does not run here.
  await database.superuser.query("SELECT pg_create_logical_replication_slot('shop_customers', 'pgoutput')");
  try {
    await service.said('ready');
    assert.deepEqual([...configs.keys()], ['debezium_source_conn']);

    configs.clear();
    await service.said('connector was deleted, recreating it');
    assert.equal(await service.end(), 0);
  } finally {
    await database.superuser.query("SELECT pg_drop_replication_slot('shop_customers')");
  }

  const admin = createKafka(testKafkaSettings()).admin();
  await admin.connect();
  const [topics, written] = [await admin.listTopics(), await admin.fetchTopicOffsets(statusTopic)];
  await admin.disconnect();
  assert.ok(topics.includes('dummy.public.customers') && topics.includes('__debezium-heartbeat.dummy'));
  assert.ok(written.some(({ high }) => Number(high) > 0));
});

test('waits for a Connect that is unavailable, and ends at once on SIGTERM', async (t) => {
  const service = startService(t, { CONNECT_URL: 'http://127.0.0.1:1' });
  await service.said('waiting');
  assert.equal(await service.end(), 0);
});
