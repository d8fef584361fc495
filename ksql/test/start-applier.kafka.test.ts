import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { createIdempotentProducer, createKafka, createKsqldbClient } from '@shop/common';
import {
  buildChange,
  buildCustomer,
  buildOrder,
  findFreePort,
  runServiceProcess,
  testKafka,
  testKafkaSettings,
  untilPasses,
} from '@shop/test-support';
import { deleteSinkTopics } from './delete-sink-topics.ts';

const main = new URL('../src/main.ts', import.meta.url);
const embedded = new URL('../embedded/src/main.ts', import.meta.url);

function startKsqldb(t: TestContext, port: number) {
  // Another command log: the broker may have served another ksqlDB.
  const args = ['--kafka', testKafka(), '--port', String(port), '--service-id', `test-${base}`];
  return runServiceProcess(t, embedded, {}, args);
}

function createClient(t: TestContext, endpoint: string) {
  const ksqldb = createKsqldbClient({ endpoint, source: { endpoint: 'test', login: 'test' } }, { timeoutMs: 10_000 });
  t.after(() => ksqldb.close());
  return {
    ksqldb,
    /** Asks until the rows are these, in any order. */
    async answers(sql: string, expected: unknown[][]): Promise<void> {
      const toSorted = (rows: readonly unknown[]) => rows.map((row) => JSON.stringify(row)).sort();
      await untilPasses('the rows of ksqlDB', async () => {
        const { rows } = await ksqldb.pull(sql);
        assert.deepEqual(toSorted(rows), toSorted(expected));
      });
    },
  };
}

/** Ids and products that no earlier run has used: the broker may have served one. */
const base = Date.now();
const [toy, chair] = [`toy-${base}`, `chair-${base}`];
const change = (id: number, op: 'c' | 'u' | 'd', address: string, committedAt: number) => ({
  key: String(base + id),
  value: JSON.stringify(buildChange(op, buildCustomer(base + id, { address }), { committedAt })),
});

async function produceTraffic(): Promise<void> {
  const producer = createIdempotentProducer(createKafka(testKafkaSettings()));
  await producer.connect();
  const refill = (product: string, amount: number) => ({
    key: product,
    value: JSON.stringify({ id: 1, product, refill: amount, refill_id: 'r', refilled_at: '2026-01-01T00:00:00Z' }),
  });
  const order = buildOrder('o', 5, { order: { id: 1, product: toy, quantity: 3 } });
  await producer.sendBatch({
    topicMessages: [
      {
        topic: 'dummy.public.customers',
        messages: [
          change(1, 'c', '1 Old Street', 1),
          change(1, 'u', '1 New Street', 2),
          change(2, 'c', '2 Main Street', 3),
          change(2, 'd', '2 Main Street', 4),
        ],
      },
      { topic: 'inventory_refills', messages: [refill(toy, 40), refill(toy, 5), refill(chair, 10)] },
      {
        topic: 'customer_orders',
        messages: [{ key: '5', value: JSON.stringify(order) }],
      },
    ],
  });
  await producer.disconnect();
}

test('applies the statements, and again to a ksqlDB that was unavailable or lost a table', async (t) => {
  const admin = createKafka(testKafkaSettings()).admin();
  await admin.connect();
  t.after(() => admin.disconnect());
  await deleteSinkTopics(admin);
  const port = await findFreePort();
  const endpoint = `http://127.0.0.1:${port}`;
  // The applier comes first: it waits.
  const applier = runServiceProcess(t, main, {
    KAFKA_BOOTSTRAP_SERVERS: testKafka(),
    KAFKA_SECURITY_PROTOCOL: 'PLAINTEXT',
    KSQLDB_ENDPOINT: endpoint,
    APPLY_INTERVAL_MS: '300',
    SERVICE_STATUS_TOPIC: `service_status_${process.pid}`,
  });
  await applier.said('waiting');
  const server = startKsqldb(t, port);
  await applier.said('ready');

  const { ksqldb, answers } = createClient(t, endpoint);
  const check = async () => {
    await answers(`SELECT id, op, changed_at, address FROM customers WHERE id IN (${base + 1}, ${base + 2});`, [
      [base + 1, 'u', 2, '1 New Street'],
      [base + 2, 'd', 4, null],
    ]);
    await answers(
      `SELECT product, product_name, total_refills, quantity, moving_inventory FROM final_inventory WHERE product IN ('${toy}', '${chair}');`,
      [
        [toy, toy, 45, 3, 42],
        [chair, chair, 10, 0, 10],
      ],
    );
  };
  await produceTraffic();
  await check();

  let seen = applier.lines.length;
  await server.end('SIGKILL');
  await applier.said('waiting', seen);
  startKsqldb(t, port);
  await applier.said('in place', seen);
  await check();

  seen = applier.lines.length;
  await ksqldb.execute('DROP TABLE final_inventory;');
  await applier.said('applied', seen);
  assert.match(String(applier.lines[seen]?.['statement']), /TABLE FINAL_INVENTORY$/);
  await check();

  assert.equal(await applier.end(), 0);
});
