import assert from 'node:assert/strict';
import { test } from 'node:test';
import { deadLetterHeaders } from '@shop/common';
import {
  buildChange,
  buildOrder,
  deleteRecords,
  followTopic,
  type ScriptedKsqldb,
  startScriptedKsqldb,
  until,
} from '@shop/test-support';
import { runShipping } from './run-shipping.ts';
import { createShopTopics, readShipments, type ShopTopicsOfTest } from './shop-topics.ts';

const orderMessage = (orderId: string, customerId: number) => ({
  key: String(customerId),
  value: JSON.stringify(buildOrder(orderId, customerId)),
});

function sendOrders({ producer, names }: ShopTopicsOfTest, from: number, count: number) {
  const messages = Array.from({ length: count }, (_, i) => orderMessage(`o-${from + i}`, (from + i) % 50));
  return producer.send({ topic: names.orders, messages });
}

/** Every order from 0 to count − 1 exactly once. */
function assertEachOnce(orderIds: string[], count: number) {
  assert.equal(new Set(orderIds).size, count, 'orders that were shipped at all');
  assert.equal(orderIds.length, count, 'shipments');
}

test('ships each order once, through every answer of ksqlDB, kill -9, and a second instance', async (t) => {
  const ksqldb = await startScriptedKsqldb(t);
  const shop = await createShopTopics(t);
  for (let id = 0; id < 50; id++) ksqldb.customers.set(id, { op: 'c', address: `Weg ${id}`, changedAt: 1 });
  const env = { ...shop.env, KSQLDB_ENDPOINT: ksqldb.endpoint, LOOKUP_TIMEOUT_MS: '500' };
  const shipments = await followTopic(t, shop.kafka, shop.names.shipments);

  let expected = 0;
  const first = runShipping(t, { ...env, INSTANCE: 'first' });
  const refusals = [
    { status: 503, body: '{"error_code":50302,"message":"starting"}' },
    { status: 400, body: '{"error_code":40001,"message":"CUSTOMERS does not exist"}' },
    { status: 429, body: '' },
    'hang',
    'cut off',
  ] as const;
  for (const refusal of refusals) {
    ksqldb.refusal = refusal;
    const before = ksqldb.refused;
    await sendOrders(shop, expected, 100);
    expected += 100;
    await until('a refused look-up', () => ksqldb.refused > before);
    assert.ok(shipments.messages.length <= expected - 100, 'nothing is shipped without an answer');
    ksqldb.refusal = undefined;
    await shipments.reach(expected);
  }

  await sendOrders(shop, expected, 500);
  expected += 500;
  await shipments.reach(expected - 400);
  await first.end('SIGKILL');
  const second = runShipping(t, { ...env, INSTANCE: 'second' });
  await sendOrders(shop, expected, 500);
  expected += 500;
  await second.said('ready');
  const third = runShipping(t, { ...env, INSTANCE: 'third' });
  await third.said('ready');
  await sendOrders(shop, expected, 500);
  expected += 500;
  await shipments.reach(expected);

  for (const service of [second, third]) assert.equal(await service.end(), 0);
  const shipped = readShipments(shipments.messages);
  assertEachOnce(
    shipped.map(({ order_id }) => order_id),
    expected,
  );
  for (const each of shipped) assert.equal(each.status === 'delivered' && each.address, `Weg ${each.customer_id}`);
});

/** Changes in every partition, committed long after the deadline of each order, pass ksqlDB. */
async function passChanges({ producer, names }: ShopTopicsOfTest, { customers }: ScriptedKsqldb): Promise<void> {
  const ids = Array.from({ length: 60 }, (_, i) => 1_000 + i);
  const committedAt = Date.now() + 60_000;
  for (const id of ids) customers.set(id, { op: 'c', address: 'x', changedAt: committedAt });
  const messages = ids.map((id) => ({
    key: String(id),
    value: JSON.stringify(buildChange('d', { id }, { committedAt })),
  }));
  await producer.send({ topic: names.customers, messages });
}

test('waits for a customer without blocking others, and times out only when the pipeline has passed the deadline', async (t) => {
  const ksqldb = await startScriptedKsqldb(t);
  const shop = await createShopTopics(t);
  ksqldb.customers.set(1, { op: 'c', address: 'Weg 1', changedAt: 1 });
  ksqldb.customers.set(2, { op: 'd', address: 'Weg 2', changedAt: 1 });
  const shipments = await followTopic(t, shop.kafka, shop.names.shipments);
  const service = runShipping(t, { ...shop.env, KSQLDB_ENDPOINT: ksqldb.endpoint, CUSTOMER_WAIT_MS: '1000' });
  await service.said('ready');

  await shop.producer.send({
    topic: shop.names.orders,
    messages: [orderMessage('late', 3), orderMessage('never', 4), orderMessage('known', 1), orderMessage('deleted', 2)],
  });
  await shipments.reach(2);
  assert.deepEqual(
    readShipments(shipments.messages)
      .map(({ order_id, status }) => `${order_id} ${status}`)
      .sort(),
    ['deleted undeliverable', 'known delivered'],
  );

  ksqldb.customers.set(3, { op: 'c', address: 'Weg 3', changedAt: 1 });
  const [late] = readShipments((await shipments.reach(3)).slice(2));
  assert.equal(late?.order_id, 'late');
  assert.equal(late?.status === 'delivered' && late.address, 'Weg 3');

  // Only now is customer 4 known to be missing.
  await passChanges(shop, ksqldb);
  const [never] = readShipments((await shipments.reach(4)).slice(3));
  assert.equal(never?.order_id, 'never');
  assert.equal(never?.status === 'undeliverable' && never.reason, 'customer_unknown');
});

test('no order times out while the connector is repaired', async (t) => {
  const ksqldb = await startScriptedKsqldb(t);
  const shop = await createShopTopics(t);
  const noteRepair = (value: string | null) =>
    shop.producer.send({ topic: shop.names.repairs, messages: [{ key: 'debezium_source_conn', value }] });
  await noteRepair('{}');
  const shipments = await followTopic(t, shop.kafka, shop.names.shipments);
  const env = { ...shop.env, KSQLDB_ENDPOINT: ksqldb.endpoint, CUSTOMER_WAIT_MS: '1000' };
  await runShipping(t, env).said('ready');
  await shop.producer.send({ topic: shop.names.orders, messages: [orderMessage('never', 4)] });
  let afterChanges = 0;
  ksqldb.onAnswer = (ids) => {
    // The service asks for one changed customer or two of each of the six partitions.
    if (ids.filter((id) => id >= 1_000).length >= 6) afterChanges++;
  };
  await passChanges(shop, ksqldb);
  // Without the note, the second look-up after the changes ends the order.
  await until('look-ups after the changes', () => afterChanges >= 5);
  assert.deepEqual(readShipments(shipments.messages), []);

  await noteRepair(null);
  await passChanges(shop, ksqldb);
  const [never] = readShipments(await shipments.reach(1));
  assert.equal(never?.status === 'undeliverable' && never.reason, 'customer_unknown');
});

test('unreadable orders and second copies go unchanged to dead_letters, and the orders after them are shipped', async (t) => {
  const ksqldb = await startScriptedKsqldb(t);
  const shop = await createShopTopics(t);
  ksqldb.customers.set(1, { op: 'c', address: 'Weg 1', changedAt: 1 });
  const shipments = await followTopic(t, shop.kafka, shop.names.shipments);
  const deadLetters = await followTopic(t, shop.kafka, shop.names.deadLetters);
  const env = { ...shop.env, KSQLDB_ENDPOINT: ksqldb.endpoint };
  const large = Buffer.alloc(1_000_000, 'x');
  const before = runShipping(t, env);
  await shop.producer.send({ topic: shop.names.orders, messages: [{ key: '1', value: large }] });
  const poison = Array.from({ length: 3_000 }, (_, i) => ({ key: '1', value: `{"order":${i}` }));
  await shop.producer.send({
    topic: shop.names.orders,
    messages: [...poison, { key: '1', value: null }, orderMessage('one', 1)],
  });
  await shipments.reach(1);
  await deadLetters.reach(3_002);
  assert.equal(await before.end(), 0);

  runShipping(t, env);
  await shop.producer.send({ topic: shop.names.orders, messages: [orderMessage('one', 1), orderMessage('two', 1)] });
  await shipments.reach(2);
  await deadLetters.reach(3_003);
  assertEachOnce(
    readShipments(shipments.messages).map(({ order_id }) => order_id),
    2,
  );
  const codes = deadLetters.messages.map(({ headers }) => String(headers?.[deadLetterHeaders.code]));
  assert.deepEqual(
    Object.fromEntries([...new Set(codes)].map((code) => [code, codes.filter((each) => each === code).length])),
    { invalid_json: 3_001, tombstone: 1, duplicate_order: 1 },
  );
  assert.ok(deadLetters.messages.some(({ value }) => value?.equals(large)));
});

/** An order with the time that its producer's clock shows, `aheadMs` from now. */
const stamped = (orderId: string, aheadMs: number) => ({
  ...orderMessage(orderId, 1),
  timestamp: String(Date.now() + aheadMs),
});

test('a second copy is found whatever the clocks of the producers show, also after a restart', async (t) => {
  const ksqldb = await startScriptedKsqldb(t);
  const shop = await createShopTopics(t);
  ksqldb.customers.set(1, { op: 'c', address: 'Weg 1', changedAt: 1 });
  const shipments = await followTopic(t, shop.kafka, shop.names.shipments);
  const deadLetters = await followTopic(t, shop.kafka, shop.names.deadLetters);
  const env = { ...shop.env, KSQLDB_ENDPOINT: ksqldb.endpoint };
  const before = runShipping(t, env);
  await before.said('ready');
  const halfAnHour = 30 * 60_000;
  const send = (messages: ReturnType<typeof stamped>[]) => shop.producer.send({ topic: shop.names.orders, messages });
  await send([stamped('one', 0), stamped('ahead', halfAnHour), stamped('one', 0), stamped('behind', -halfAnHour)]);
  await shipments.reach(3);
  assert.equal(await before.end(), 0);

  runShipping(t, env);
  await send([stamped('behind', -halfAnHour), stamped('ahead', 0), stamped('last', 0)]);
  await shipments.reach(4);
  await deadLetters.reach(3);
  assert.deepEqual(
    readShipments(shipments.messages)
      .map(({ order_id }) => order_id)
      .toSorted(),
    ['ahead', 'behind', 'last', 'one'],
  );
});

test('orders of a topic that was deleted and recreated are shipped from its beginning', async (t) => {
  const ksqldb = await startScriptedKsqldb(t);
  const shop = await createShopTopics(t);
  const shipments = await followTopic(t, shop.kafka, shop.names.shipments);
  const service = runShipping(t, { ...shop.env, KSQLDB_ENDPOINT: ksqldb.endpoint });
  for (let id = 0; id < 1_000; id++) ksqldb.customers.set(id, { op: 'c', address: `Weg ${id}`, changedAt: 1 });
  await service.said('ready');
  await sendOrders(shop, 0, 500);
  await shipments.reach(500);

  const admin = shop.kafka.admin();
  await admin.connect();
  t.after(() => admin.disconnect());
  await admin.deleteTopics({ topics: [shop.names.orders] });
  await service.said('topics were deleted with their messages, recreating them');
  // The producer continues when it knows the new topic.
  await sendOrders(shop, 500, 100);
  await shipments.reach(600);
  assertEachOnce(
    readShipments(shipments.messages).map(({ order_id }) => order_id),
    600,
  );
});

test('orders that were deleted before they were handled are counted, the others are shipped', async (t) => {
  const ksqldb = await startScriptedKsqldb(t);
  const shop = await createShopTopics(t);
  for (let id = 0; id < 50; id++) ksqldb.customers.set(id, { op: 'c', address: `Weg ${id}`, changedAt: 1 });
  const env = { ...shop.env, KSQLDB_ENDPOINT: ksqldb.endpoint };
  const shipments = await followTopic(t, shop.kafka, shop.names.shipments);
  const admin = shop.kafka.admin();
  await admin.connect();
  t.after(() => admin.disconnect());
  const shipping = runShipping(t, env);
  await sendOrders(shop, 0, 100);
  await shipments.reach(100);

  // While frozen, the service keeps what it has fetched; the rest is deleted after its position.
  shipping.kill('SIGSTOP');
  for (let batch = 1; batch <= 20; batch++) await sendOrders(shop, batch * 100, 100);
  const ends = await admin.fetchTopicOffsets(shop.names.orders);
  const partitions = ends.map(({ partition, high }) => ({ partition, offset: String(Number(high) - 5) }));
  await deleteRecords(admin, shop.names.orders, partitions);
  shipping.kill('SIGCONT');
  await sendOrders(shop, 2_100, 100);
  const sent = 2_200;
  const lost = () => shipping.lines.reduce((sum, line) => sum + Number(line['lost'] ?? 0), 0);
  await until('every order shipped or lost', () => shipments.messages.length + lost() >= sent);

  const ids = readShipments(shipments.messages).map(({ order_id }) => order_id);
  assertEachOnce(ids, sent - lost());
  assert.ok(lost() > 0);
  assert.equal(await shipping.end(), 0);
});
