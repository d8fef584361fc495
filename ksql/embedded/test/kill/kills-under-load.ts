import assert from 'node:assert/strict';
import { openTestKafka, type TestKafka, unique, untilPasses } from '@shop/test-support';
import { rowsOf, runStatements, startServer, type TestServer } from '../helpers/start-server.ts';

const products = ['toy', 'phone', 'table', 'chair'];
const customerCount = 200;

interface Names {
  readonly orders: string;
  readonly refills: string;
  readonly customers: string;
  readonly prefix: string;
}

/** The acknowledged messages, which determine the final rows of every table. */
interface Ledger {
  readonly orderIds: Set<string>;
  readonly ordered: Map<string, number>;
  readonly refilled: Map<string, number>;
  /** Address by customer; null once deleted. */
  readonly addresses: Map<number, string | null>;
}

const statements = ({ prefix, orders, refills, customers }: Names): string => `
  CREATE TABLE ${prefix}changes (id BIGINT PRIMARY KEY, after STRUCT<address VARCHAR>, op VARCHAR) WITH (KAFKA_TOPIC='${customers}', KEY_FORMAT='JSON', VALUE_FORMAT='JSON');
  CREATE TABLE ${prefix}customers AS SELECT id, op, after->address AS address FROM ${prefix}changes WHERE op <> 'd' EMIT CHANGES;
  CREATE TABLE ${prefix}per_op AS SELECT op, COUNT(*) AS n FROM ${prefix}changes GROUP BY op EMIT CHANGES;
  CREATE STREAM ${prefix}orders (order_id VARCHAR, product VARCHAR, quantity BIGINT) WITH (KAFKA_TOPIC='${orders}', VALUE_FORMAT='JSON');
  CREATE STREAM ${prefix}refills (product VARCHAR, refill BIGINT) WITH (KAFKA_TOPIC='${refills}', VALUE_FORMAT='JSON');
  CREATE STREAM ${prefix}copies AS SELECT order_id, product FROM ${prefix}orders EMIT CHANGES;
  CREATE TABLE ${prefix}sold AS SELECT product, SUM(quantity) AS quantity, COUNT(*) AS n FROM ${prefix}orders GROUP BY product EMIT CHANGES;
  CREATE TABLE ${prefix}stocked AS SELECT product, SUM(refill) AS refill FROM ${prefix}refills GROUP BY product EMIT CHANGES;
  CREATE TABLE ${prefix}stock AS SELECT r.product AS product, r.refill - COALESCE(o.quantity, CAST(0 AS BIGINT)) AS left_over FROM ${prefix}stocked r LEFT JOIN ${prefix}sold o ON r.product = o.product EMIT CHANGES;
`;

const random = (n: number): number => Math.floor(Math.random() * n);
const pick = <T>(list: readonly T[]): T => list[random(list.length)] ?? assert.fail('an empty list');
const count = (map: Map<string, number>, key: string, amount: number): Map<string, number> =>
  map.set(key, (map.get(key) ?? 0) + amount);

/** Sends orders, refills and changes of customers while `running` returns true. */
async function load(kafka: TestKafka, names: Names, ledger: Ledger, running: () => boolean): Promise<void> {
  while (running()) {
    const orders = Array.from({ length: 40 }, () => ({
      order_id: crypto.randomUUID(),
      product: pick(products),
      quantity: 1 + random(5),
    }));
    const refills = Array.from({ length: 5 }, () => ({ product: pick(products.slice(0, 3)), refill: random(50) }));
    const changes = Array.from({ length: 10 }, () => ({
      id: random(customerCount),
      address: Math.random() < 0.2 ? null : unique(),
    }));
    await kafka.producer.sendBatch({
      topicMessages: [
        {
          topic: names.orders,
          messages: orders.map((order) => ({ key: order.order_id, value: JSON.stringify(order) })),
        },
        { topic: names.refills, messages: refills.map((refill) => ({ key: null, value: JSON.stringify(refill) })) },
        {
          topic: names.customers,
          messages: changes.map(({ id, address }) => ({
            key: String(id),
            value: JSON.stringify({ after: address === null ? null : { address }, op: address === null ? 'd' : 'u' }),
          })),
        },
      ],
    });
    for (const { order_id, product, quantity } of orders) {
      ledger.orderIds.add(order_id);
      count(ledger.ordered, product, quantity);
    }
    for (const { product, refill } of refills) count(ledger.refilled, product, refill);
    for (const { id, address } of changes) ledger.addresses.set(id, address);
    await new Promise((resolve) => setTimeout(resolve, 40));
  }
}

const asMap = (rows: unknown[][]): Record<string, unknown> =>
  Object.fromEntries(rows.map(([key, value]) => [String(key), value]));

/** Compares every table and the copied stream with the ledger. */
async function check(server: TestServer, kafka: TestKafka, { prefix }: Names, ledger: Ledger): Promise<void> {
  const live = [...ledger.addresses].filter(([, address]) => address !== null);
  await untilPasses('the rows of every table', async () => {
    assert.deepEqual(
      asMap(await rowsOf(server.url, `SELECT product, quantity FROM ${prefix}sold;`)),
      Object.fromEntries(ledger.ordered),
    );
    assert.deepEqual(
      asMap(await rowsOf(server.url, `SELECT product, refill FROM ${prefix}stocked;`)),
      Object.fromEntries(ledger.refilled),
    );
    const stock = [...ledger.refilled].map(([product, refilled]) => [
      product,
      refilled - (ledger.ordered.get(product) ?? 0),
    ]);
    assert.deepEqual(
      asMap(await rowsOf(server.url, `SELECT product, left_over FROM ${prefix}stock;`)),
      Object.fromEntries(stock),
    );
    assert.deepEqual(
      asMap(await rowsOf(server.url, `SELECT id, address FROM ${prefix}customers;`)),
      Object.fromEntries(live),
    );
    const perOp = asMap(await rowsOf(server.url, `SELECT op, n FROM ${prefix}per_op;`));
    assert.equal(perOp['u'], live.length);
    assert.equal(perOp['d'], ledger.addresses.size - live.length);
  });
  const copies = await readCopies(kafka, `${prefix}COPIES`.toUpperCase(), ledger.orderIds.size);
  assert.equal(copies.length, ledger.orderIds.size, 'every order is copied once');
  assert.deepEqual(new Set(copies), ledger.orderIds);
}

/** Reads the order ids of the output topic, duplicates included. */
async function readCopies(kafka: TestKafka, topic: string, expected: number): Promise<string[]> {
  const consumer = kafka.kafka.consumer({ groupId: `test-${unique()}`, maxWaitTimeInMs: 250 });
  const found = new Map<string, string>();
  await consumer.connect();
  try {
    await consumer.subscribe({ topic, fromBeginning: true });
    await consumer.run({
      eachMessage: async ({ partition, message }) => {
        found.set(`${partition}/${message.offset}`, JSON.parse(String(message.value)).ORDER_ID);
      },
    });
    await untilPasses('every copied order', async () =>
      assert.ok(found.size >= expected, `${found.size} of ${expected} orders`),
    );
    // Unexpected records, if any, are before the topic's current end.
    const ends = await kafka.admin.fetchTopicOffsets(topic);
    await untilPasses('every partition read to its end', async () => {
      const last = (partition: number): number =>
        Math.max(
          -1,
          ...[...found.keys()]
            .filter((place) => place.startsWith(`${partition}/`))
            .map((place) => Number(place.split('/')[1])),
        );
      // At most one transaction marker follows the last record of a partition.
      for (const { partition, high } of ends) assert.ok(last(partition) + 2 >= Number(high), 'not read to the end');
    });
  } finally {
    await consumer.disconnect();
  }
  return [...found.values()];
}

/** Kills the server repeatedly under load, then compares everything with the ledger. */
export async function killUnderLoad(kills: number, report: (line: string) => void = () => undefined): Promise<void> {
  const prefix = `k${unique()}_`;
  const names = {
    prefix,
    orders: `${prefix}in_orders`,
    refills: `${prefix}in_refills`,
    customers: `${prefix}in_customers`,
  };
  const ledger: Ledger = { orderIds: new Set(), ordered: new Map(), refilled: new Map(), addresses: new Map() };
  const kafka = await openTestKafka();
  let server = await startServer(`test-${prefix}`);
  let running = true;
  try {
    for (const topic of [names.orders, names.refills, names.customers]) await kafka.createTopic(topic, 3);
    await server.ready();
    await runStatements(server.url, statements(names));
    const loading = load(kafka, names, ledger, () => running);
    for (let i = 1; i <= kills; i++) {
      // Kill at any moment: during the start, the restore or a transaction.
      await new Promise((resolve) => setTimeout(resolve, 100 + random(i % 3 === 0 ? 700 : 2_500)));
      await server.end('SIGKILL');
      server = await startServer(`test-${prefix}`);
      if (i % 3 !== 0) await server.ready();
      report(`kill ${i} of ${kills}, ${ledger.orderIds.size} orders`);
    }
    running = false;
    await loading;
    await server.ready();
    await check(server, kafka, names, ledger);
    assert.equal(await server.end('SIGTERM'), 0);
  } finally {
    running = false;
    await server.end('SIGKILL');
    await kafka.close();
  }
}
