import assert from 'node:assert/strict';
import { test } from 'node:test';
import { buildOrder, followTopic, startScriptedKsqldb, until } from '@shop/test-support';
import { Partitioners } from 'kafkajs';
import { runShipping } from './run-shipping.ts';
import { createShopTopics, readShipments } from './shop-topics.ts';

/** Longer than a rejoin takes, shorter than kafkajs's default age of metadata. */
const patienceMs = 60_000;
const customers = 50;

test('orders of partitions that are added are shipped by two instances, each once', async (t) => {
  const ksqldb = await startScriptedKsqldb(t);
  const shop = await createShopTopics(t);
  for (let id = 0; id < customers; id++) ksqldb.customers.set(id, { op: 'c', address: `Weg ${id}`, changedAt: 1 });
  const shipments = await followTopic(t, shop.kafka, shop.names.shipments);
  const env = { ...shop.env, KSQLDB_ENDPOINT: ksqldb.endpoint };
  for (const INSTANCE of ['first', 'second']) await runShipping(t, { ...env, INSTANCE }).said('ready');
  const place = async (from: number) => {
    // Another producer each time, which knows all partitions that there are.
    const producer = shop.kafka.producer({ createPartitioner: Partitioners.DefaultPartitioner });
    await producer.connect();
    await producer.send({
      topic: shop.names.orders,
      messages: Array.from({ length: customers }, (_, id) => ({
        key: String(id),
        value: JSON.stringify(buildOrder(`o-${from + id}`, id)),
      })),
    });
    await producer.disconnect();
  };
  await place(0);
  await shipments.reach(customers);

  const admin = shop.kafka.admin();
  await admin.connect();
  t.after(() => admin.disconnect());
  await admin.createPartitions({ topicPartitions: [{ topic: shop.names.orders, count: 12 }] });
  await until(
    'leaders of the new partitions',
    async () => (await admin.fetchTopicOffsets(shop.names.orders)).length === 12,
  );
  await place(customers);
  await until('all orders shipped', () => shipments.messages.length >= 2 * customers, { patienceMs });
  const shipped = readShipments(shipments.messages);
  assert.equal(new Set(shipped.map(({ order_id }) => order_id)).size, 2 * customers);
  assert.equal(shipped.length, 2 * customers);
  assert.ok(new Set(shipped.map(({ order_partition }) => order_partition)).size > 6, 'new partitions had orders');
});
