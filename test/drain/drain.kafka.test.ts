import { existsSync } from 'node:fs';
import { type TestContext, test } from 'node:test';
import { createKsqldbClient } from '@shop/common';
import {
  buildNewOrder,
  createShopDatabase,
  createTopics,
  fillCustomers,
  findFreePort,
  followTopic,
  nameTopics,
  startScriptedKsqldb,
  testKafka,
} from '@shop/test-support';
import type { Producer } from 'kafkajs';
import { WebSocket } from 'ws';
import { compileServices, runLimited } from './run-limited.ts';

/** Size of the backlog. DRAIN_ORDERS=2000000 fills every window. */
const orders = Number(process.env['DRAIN_ORDERS'] ?? 60_000);
const customers = 2_000;
/** Time limit of each step, ms on a quiet machine. */
const patienceMs = 120_000 + orders;
const partitions = 6;
const perRequest = 5_000;

test('every service that reads topics works off a backlog within the memory of its container', {
  skip: existsSync('/proc/self/status') ? false : "needs /proc, where Linux shows a process's peak memory",
}, async (t) => {
  compileServices();
  const { kafka, env } = nameTopics(
    t,
    'CUSTOMERS_TOPIC',
    'ORDERS_TOPIC',
    'REFILLS_TOPIC',
    'SHIPMENTS_TOPIC',
    'ORDERS_WAITING_TOPIC',
    'REPAIRS_TOPIC',
    'DEAD_LETTERS_TOPIC',
    'SERVICE_STATUS_TOPIC',
    'AUDIT_RESULTS_TOPIC',
    'CUSTOMERS_TABLE_TOPIC',
    'CONSUMER_GROUP',
  );
  const topicOf = (variable: string) => env[variable] ?? '';
  const admin = kafka.admin();
  await admin.connect();
  t.after(() => admin.disconnect());
  const topics = [topicOf('ORDERS_TOPIC'), topicOf('SHIPMENTS_TOPIC'), topicOf('AUDIT_RESULTS_TOPIC')];
  await createTopics(admin, topics, partitions, { 'message.timestamp.type': 'LogAppendTime' });
  const producer = kafka.producer();
  await producer.connect();
  t.after(() => producer.disconnect());

  await t.test('websocket, with a client that never reads', async (t) => {
    const port = await findFreePort();
    const read = [topicOf('ORDERS_TOPIC'), topicOf('SHIPMENTS_TOPIC')].join(',');
    const service = await runLimited(t, 'websocket', {
      env: { ...env, HOST: '127.0.0.1', PORT: String(port), TOPICS: read },
      patienceMs,
    });
    await service.until('ready', async () => (await service.metric('clients')) === 0);
    // websocket skips orders from before it read the end offsets, so wait until it has.
    await service.until('reading', () => service.hasSaid('reading topics'));
    openLazyClient(t, port);
    await service.until('the client', async () => (await service.metric('clients')) === 1);
    await placeOrders(producer, topicOf('ORDERS_TOPIC'));
    await service.until('every order', async () => ((await service.metric('messages_total')) ?? 0) >= orders);
    await service.checkPeak();
  });

  await t.test('shipping-service', async (t) => {
    const ksqldb = await startScriptedKsqldb(t);
    for (let id = 1; id <= customers; id++)
      ksqldb.customers.set(id, { op: 'c', address: `Number ${id}`, changedAt: 1 });
    const service = await runLimited(t, 'shipping-service', {
      env: { ...env, KSQLDB_ENDPOINT: ksqldb.endpoint },
      patienceMs,
    });
    await service.until('every order', async () => (await service.metric('orders_delivered_total')) === orders);
    await service.checkPeak();
  });

  await t.test('audit', async (t) => {
    const database = await createShopDatabase(t);
    await fillCustomers(database.superuser, customers);
    const service = await runLimited(t, 'audit', {
      env: { ...env, ...database.env, KSQLDB_ENDPOINT: 'http://127.0.0.1:1', AUDIT_INTERVAL_MS: '1000' },
      patienceMs,
    });
    const results = await followTopic(t, kafka, topicOf('AUDIT_RESULTS_TOPIC'));
    await service.until('every order checked', async () =>
      results.messages.some(({ key, value }) => {
        const { state, cases } = JSON.parse(String(value)) as { state: string; cases: number };
        return String(key) === 'P1' && state === 'ok' && cases === orders;
      }),
    );
    await service.checkPeak();
  });

  await t.test('ksqldb-embedded', async (t) => {
    const port = await findFreePort();
    const args = ['--kafka', testKafka(), '--port', String(port), '--service-id', topicOf('ORDERS_TOPIC')];
    const service = await runLimited(t, 'ksqldb-embedded', { args, env: {}, patienceMs });
    const source = { endpoint: 'x', login: 'x' };
    const client = createKsqldbClient({ endpoint: `http://127.0.0.1:${port}`, source }, { timeoutMs: 30_000 });
    t.after(() => client.close());
    await service.until('the statements', () =>
      client
        .execute(
          `CREATE STREAM placed ("order" STRUCT<product STRING>) WITH (KAFKA_TOPIC='${topicOf('ORDERS_TOPIC')}', VALUE_FORMAT='JSON');
           CREATE TABLE ordered WITH (KAFKA_TOPIC='${topicOf('ORDERS_TOPIC')}-counted') AS
             SELECT "order"->product AS product, COUNT(*) AS orders FROM placed GROUP BY "order"->product;`,
          { 'auto.offset.reset': 'earliest' },
        )
        .then(
          () => true,
          () => false,
        ),
    );
    await service.until('every order', async () => {
      const { rows } = await client.pull('SELECT orders FROM ordered;');
      return rows.reduce((sum, [count]) => sum + Number(count), 0) === orders;
    });
    await service.checkPeak();
  });
});

async function placeOrders(producer: Producer, topic: string): Promise<void> {
  for (let placed = 0; placed < orders; placed += perRequest) {
    const messages = Array.from({ length: Math.min(perRequest, orders - placed) }, (_, index) => {
      const id = 1 + ((placed + index) % customers);
      return { key: String(id), value: JSON.stringify(buildNewOrder(id)) };
    });
    await producer.send({ topic, messages });
  }
}

/** Subscribes to all messages, but reads none, so that its socket fills up. */
function openLazyClient(t: TestContext, port: number): void {
  const client = new WebSocket(`ws://127.0.0.1:${port}/`);
  client.once('open', () => client.pause());
  client.on('error', () => {}); // the service ends before the client
  t.after(() => client.terminate());
}
