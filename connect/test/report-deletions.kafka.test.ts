import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createClosers, createLogger, createReport, readKafkaSettings, type ServiceContext } from '@shop/common';
import { followTopic, nameTopics } from '../../common/test/servers/kafka-topics.ts';
import { createShopDatabase, fillCustomers } from '../../common/test/servers/shop-database.ts';
import { createDeletionReport } from '../src/repair/report-deletions.ts';

const change = (id: number, op: 'c' | 'd') => {
  const row = { id, first_name: 'Ada', last_name: 'Test', zipcode: '10115', country: 'DE', address: 'Road 1' };
  return { key: String(id), value: JSON.stringify({ op, before: { id }, after: op === 'd' ? null : row, ts_ms: 1 }) };
};

test('reports deleted whom the topic has as living and Postgres has not, and nobody else', async (t) => {
  const { kafka, env } = nameTopics(t, 'CUSTOMERS_TOPIC', 'CUSTOMERS_TABLE_TOPIC');
  const topic = env['CUSTOMERS_TOPIC'] ?? '';
  const tableTopic = env['CUSTOMERS_TABLE_TOPIC'] ?? '';
  const database = await createShopDatabase(t);
  await fillCustomers(database.superuser, 2);
  const admin = kafka.admin();
  await admin.connect();
  await admin.createTopics({
    waitForLeaders: true,
    topics: [topic, tableTopic].map((each) => ({ topic: each, numPartitions: 3 })),
  });
  await admin.disconnect();
  const producer = kafka.producer();
  await producer.connect();
  const broken = { key: '9', value: 'no change at all' };
  const sent = [change(1, 'c'), change(2, 'c'), change(3, 'c'), change(4, 'c'), change(4, 'd'), change(5, 'c'), broken];
  await producer.send({ topic, messages: sent });
  // What ksqlDB has besides: of customer 4 it has not heard yet, and of 6 and 7 the topic of changes does not tell any more.
  const rows = { 4: 'c', 6: 'r', 7: 'd' };
  const known = Object.entries(rows).map(([key, OP]) => ({ key, value: JSON.stringify({ OP }) }));
  await producer.send({ topic: tableTopic, messages: known });
  await producer.disconnect();

  const closers = createClosers();
  const context: ServiceContext = {
    name: 'connector',
    instance: 'test',
    env,
    logger: createLogger('connector', { LOG_LEVEL: 'silent' }),
    report: createReport(),
    signal: new AbortController().signal,
    onClose: closers.add,
    fail: (error) => assert.fail(String(error)),
  };
  t.after(() => closers.closeAll());
  const settings = readKafkaSettings({ ...env, KAFKA_SECURITY_PROTOCOL: 'PLAINTEXT' });
  const report = createDeletionReport({ kafka, settings, topic, tableTopic, pool: async () => database.shop }, context);
  assert.equal(await report(), 3);
  assert.equal(await report(), 0, 'now the topic knows');

  const messages = await (await followTopic(t, kafka, topic)).reach(sent.length + 3);
  const deletions = messages
    .map(({ key, value }) => ({ key: String(key), value: String(value) }))
    .filter(({ value }) => value.includes('registrar'))
    .map(({ key, value }) => ({ key, ...JSON.parse(value) }));
  assert.deepEqual(deletions.map(({ key }) => key).toSorted(), ['3', '5', '6']);
  for (const { key, op, before, after, ts_ms } of deletions) {
    assert.deepEqual([op, before, after], ['d', { id: Number(key) }, null]);
    assert.ok(Math.abs(Date.now() - ts_ms) < 600_000, 'on Postgres\u2019 clock');
  }
});
