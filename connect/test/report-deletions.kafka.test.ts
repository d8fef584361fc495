import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readKafkaSettings } from '@shop/common';
import {
  buildChange,
  buildCustomer,
  createShopDatabase,
  createTopics,
  fillCustomers,
  followTopic,
  nameTopics,
  openServiceContext,
} from '@shop/test-support';
import { createDeletionReport } from '../src/repair/report-deletions.ts';

const far = 3_000_000_000;
const change = (id: number, op: 'c' | 'd') => ({
  key: String(id),
  value: JSON.stringify(buildChange(op, buildCustomer(id))),
});

test('reports customers whom Postgres does not have as deleted: known, never seen, or in an unreadable row', async (t) => {
  const { kafka, env } = nameTopics(t, 'CUSTOMERS_TOPIC', 'CUSTOMERS_TABLE_TOPIC');
  const topic = env['CUSTOMERS_TOPIC'] ?? '';
  const tableTopic = env['CUSTOMERS_TABLE_TOPIC'] ?? '';
  const database = await createShopDatabase(t);
  await fillCustomers(database.superuser, 2);
  // A customer came and left unseen, with an id far beyond what 32 bits hold. Another one is about to come.
  await database.superuser.query(`SELECT setval('customers_id_seq', ${far - 1})`);
  await fillCustomers(database.superuser, 1);
  await database.superuser.query('DELETE FROM customers WHERE id = $1', [far]);
  const admin = kafka.admin();
  await admin.connect();
  await createTopics(admin, [topic, tableTopic], 3);
  await admin.disconnect();
  const producer = kafka.producer();
  await producer.connect();
  // As from a table whose ids another user changed to text: the key names the customer, unless it is no id either.
  const texts = JSON.stringify({ op: 'u', before: null, after: { id: '9' }, ts_ms: 1 });
  const broken = [
    { key: '9', value: 'no change at all' },
    { key: '1', value: texts },
    { key: 'nine', value: texts },
  ];
  const sent = [
    change(1, 'c'),
    change(2, 'c'),
    change(3, 'c'),
    change(4, 'c'),
    change(4, 'd'),
    change(5, 'c'),
    change(far - 1, 'c'),
    ...broken,
  ];
  await producer.send({ topic, messages: sent });
  // ksqlDB's rows: customer 4 has not arrived there yet, and the topic of changes no longer has 6 and 7.
  const rows = { 4: 'c', 6: 'r', 7: 'd' };
  const known = Object.entries(rows).map(([key, OP]) => ({ key, value: JSON.stringify({ OP }) }));
  await producer.send({ topic: tableTopic, messages: [...known, { key: '"10"', value: '{"OP":"c"}' }] });
  await producer.disconnect();

  const { context } = openServiceContext(t, 'connector', env);
  const settings = readKafkaSettings({ ...env, KAFKA_SECURITY_PROTOCOL: 'PLAINTEXT' });
  const report = createDeletionReport({ kafka, settings, topic, tableTopic, pool: async () => database.shop }, context);
  const writer = await database.superuser.connect();
  await writer.query('BEGIN');
  await writer.query(
    "INSERT INTO customers (first_name, last_name, zipcode, country, address) VALUES ('Ada', 'New', '1', 'DE', 'Road')",
  );
  await assert.rejects(report(), { code: 'writers_open', canRetry: true });
  await writer.query('COMMIT');
  writer.release();
  assert.equal(await report(), 6);
  assert.equal(context.report.snapshot().counters['rows_unreadable'], 4, 'each row is counted');
  assert.equal(await report(), 0, 'now the topic knows');

  const messages = await (await followTopic(t, kafka, topic)).reach(sent.length + 6);
  const deletions = messages
    .map(({ key, value }) => ({ key: String(key), value: String(value) }))
    .filter(({ value }) => value.includes('registrar'))
    .map(({ key, value }) => ({ key, ...JSON.parse(value) }));
  assert.deepEqual(
    deletions.map(({ key }) => Number(key)).toSorted((a, b) => a - b),
    [3, 5, 6, 9, far - 1, far],
  );
  for (const { key, op, before, after, ts_ms } of deletions) {
    assert.deepEqual([op, before, after], ['d', { id: Number(key) }, null]);
    assert.ok(Math.abs(Date.now() - ts_ms) < 600_000, 'on Postgres\u2019 clock');
  }
});
