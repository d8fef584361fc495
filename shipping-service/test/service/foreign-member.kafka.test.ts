import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createKafka } from '@shop/common';
import { buildOrder, followTopic, startScriptedKsqldb, testKafkaSettings } from '@shop/test-support';
import kafkajs from 'kafkajs';
import { runShipping } from './run-shipping.ts';
import { createShopTopics, readShipments, type ShopTopicsOfTest } from './shop-topics.ts';

const logged = 'another program is in the consumer group of this service';

function sendOrders({ producer, names }: ShopTopicsOfTest, from: number, count: number) {
  const messages = Array.from({ length: count }, (_, index) => ({
    key: String(index),
    value: JSON.stringify(buildOrder(`o-${from + index}`, index)),
  }));
  return producer.send({ topic: names.orders, messages });
}

/** A consumer of another program with the group id of shipping-service. */
function createForeignConsumer({ env }: ShopTopicsOfTest, protocol?: string) {
  const kafka = createKafka(testKafkaSettings(), { clientId: 'monthly-report' });
  const { roundRobin } = kafkajs.PartitionAssigners;
  return kafka.consumer({
    groupId: env['CONSUMER_GROUP'] ?? '',
    retry: { retries: 0, restartOnFailure: async () => false },
    ...(protocol && { partitionAssigners: [(config) => ({ ...roundRobin(config), name: protocol })] }),
  });
}

for (const protocol of [undefined, 'range'])
  test(`waits while another program is in its group, names it, and ships when it has left (${protocol ?? 'kafkajs'})`, async (t) => {
    const ksqldb = await startScriptedKsqldb(t);
    const shop = await createShopTopics(t);
    for (let id = 0; id < 50; id++) ksqldb.customers.set(id, { op: 'c', address: `Weg ${id}`, changedAt: 1 });
    const shipments = await followTopic(t, shop.kafka, shop.names.shipments);
    const foreign = createForeignConsumer(shop, protocol);
    await foreign.connect();
    t.after(() => foreign.disconnect());
    await foreign.subscribe({ topic: shop.names.deadLetters });
    const joined = new Promise((resolve) => foreign.on(foreign.events.GROUP_JOIN, resolve));
    await foreign.run({ eachMessage: async () => {} });
    await joined;

    const shipping = runShipping(t, { ...shop.env, KSQLDB_ENDPOINT: ksqldb.endpoint });
    await sendOrders(shop, 0, 50);
    await shipping.said(new RegExp(logged));
    const named = shipping.lines.filter(({ msg }) => String(msg).startsWith(logged));
    assert.deepEqual(
      named.map(({ group, strangers }) => ({ group, strangers })),
      [{ group: shop.env['CONSUMER_GROUP'], strangers: [{ client_id: 'monthly-report', host: '127.0.0.1' }] }],
    );
    assert.equal(shipments.messages.length, 0);

    await foreign.disconnect();
    await shipments.reach(50);
    await shipping.said('the other program has left the consumer group');
    assert.equal(shipping.lines.filter(({ msg }) => String(msg).startsWith(logged)).length, 1, 'logged once');
  });

test('another program cannot join its group and take partitions', async (t) => {
  const ksqldb = await startScriptedKsqldb(t);
  const shop = await createShopTopics(t);
  for (let id = 0; id < 50; id++) ksqldb.customers.set(id, { op: 'c', address: `Weg ${id}`, changedAt: 1 });
  const shipments = await followTopic(t, shop.kafka, shop.names.shipments);
  runShipping(t, { ...shop.env, KSQLDB_ENDPOINT: ksqldb.endpoint });
  await sendOrders(shop, 0, 50);
  await shipments.reach(50);
  const foreign = createForeignConsumer(shop);
  await foreign.connect();
  t.after(() => foreign.disconnect());
  await foreign.subscribe({ topic: shop.names.deadLetters });
  const refused = new Promise<Error>((resolve) =>
    foreign.on(foreign.events.CRASH, ({ payload }) => resolve(payload.error)),
  );
  await foreign.run({ eachMessage: async () => {} });
  assert.match(String(await refused), /protocol/);
  await sendOrders(shop, 50, 50);
  await shipments.reach(100);
  assert.equal(new Set(readShipments(shipments.messages).map(({ order_id }) => order_id)).size, 100);
});
