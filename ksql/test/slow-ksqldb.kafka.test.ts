import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { createIdempotentProducer, createKafka, createKsqldbClient } from '@shop/common';
import {
  buildChange,
  buildCustomer,
  findFreePort,
  runServiceProcess,
  testKafka,
  testKafkaSettings,
  untilPasses,
} from '@shop/test-support';
import { deleteSinkTopics } from './delete-sink-topics.ts';
import { type FencingPlan, startFencingProxy } from './fencing-proxy.ts';

const main = new URL('../src/main.ts', import.meta.url);
const embedded = new URL('../embedded/src/main.ts', import.meta.url);
/** Ids that no earlier run has used: the broker may have served one. */
const base = Date.now();

/** The applier, before a ksqlDB that is slow or fences, with its log. */
async function startShop(t: TestContext, plan: Pick<FencingPlan, 'looksBeforeWork' | 'fences'>, settings = {}) {
  const kafka = createKafka(testKafkaSettings());
  const admin = kafka.admin();
  await admin.connect();
  t.after(() => admin.disconnect());
  await deleteSinkTopics(admin);
  const port = await findFreePort();
  const name = `slow-${base}-${t.name.length}`;
  runServiceProcess(t, embedded, {}, ['--kafka', testKafka(), '--port', String(port), '--service-id', name]);
  const proxy = await startFencingProxy(t, { ...plan, port, admin });
  const applier = runServiceProcess(t, main, {
    KAFKA_BOOTSTRAP_SERVERS: testKafka(),
    KAFKA_SECURITY_PROTOCOL: 'PLAINTEXT',
    KSQLDB_ENDPOINT: proxy.endpoint,
    APPLY_INTERVAL_MS: '300',
    SERVICE_STATUS_TOPIC: `service_status_${name}`,
    ...settings,
  });
  const ksqldb = createKsqldbClient(
    { endpoint: `http://127.0.0.1:${port}`, source: { endpoint: 'test', login: 'test' } },
    { timeoutMs: 10_000 },
  );
  t.after(() => ksqldb.close());
  return {
    proxy,
    applier,
    async produceCustomer(id: number): Promise<void> {
      const producer = createIdempotentProducer(kafka);
      await producer.connect();
      const value = JSON.stringify(buildChange('c', buildCustomer(id, { address: 'A' })));
      await producer.send({ topic: 'dummy.public.customers', messages: [{ key: String(id), value }] });
      await producer.disconnect();
    },
    waitForCustomer: (id: number): Promise<void> =>
      untilPasses(`customer ${id} in ksqlDB`, async () => {
        const { rows } = await ksqldb.pull(`SELECT address FROM customers WHERE id = ${id};`);
        assert.deepEqual(rows, [['A']]);
      }),
  };
}

test('waits for a CREATE that takes longer than its time-out, and never sends it twice', async (t) => {
  const { proxy, applier, produceCustomer, waitForCustomer } = await startShop(
    t,
    { looksBeforeWork: 3 },
    { STATEMENT_TIMEOUT_MS: '3000' },
  );
  await applier.said('ready');
  await produceCustomer(base);
  await waitForCustomer(base);
  assert.equal(proxy.mostAtOnce(), 1);
  assert.equal(proxy.fenced(), 0);
  assert.ok(proxy.givenUp() >= 4, `${proxy.givenUp()} requests outlived their time-out`);
  assert.equal(await applier.end(), 0);
});

test('recreates a table whose sink topic ksqlDB deleted, and does not ask a user to DROP anything', async (t) => {
  const { proxy, applier, produceCustomer, waitForCustomer } = await startShop(t, {
    fences: /TABLE IF NOT EXISTS customers /,
  });
  await produceCustomer(base + 1);
  await applier.said('the table is not filled, recreating it');
  await applier.said('ready');
  await produceCustomer(base + 2);
  await waitForCustomer(base + 1);
  await waitForCustomer(base + 2);
  assert.equal(proxy.fenced(), 1);
  assert.doesNotMatch(JSON.stringify(applier.lines), /DROP TABLE/);
  assert.equal(await applier.end(), 0);
});
