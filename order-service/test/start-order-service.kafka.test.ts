import assert from 'node:assert/strict';
import { test } from 'node:test';
import { order, readJson } from '@shop/common';
import {
  countMessages,
  createShopDatabase,
  fillCustomers,
  followTopic,
  nameTopics,
  runServiceProcess,
  until,
} from '@shop/test-support';
import type { KafkaMessage } from 'kafkajs';

const main = new URL('../src/main.ts', import.meta.url);
const readOrder = ({ value }: KafkaMessage) => readJson(value, order);

async function createShop(t: test.TestContext) {
  const database = await createShopDatabase(t);
  const topics = nameTopics(t, 'ORDERS_TOPIC', 'SERVICE_STATUS_TOPIC');
  const ordersTopic = topics.env['ORDERS_TOPIC'] ?? '';
  return { ...database, ...topics, ordersTopic, env: { ...database.env, ...topics.env } };
}

test('waits for the first customer, then orders for existing customers only', async (t) => {
  const { superuser, kafka, env, ordersTopic } = await createShop(t);
  const service = runServiceProcess(t, main, { ...env, ORDERS_PER_SECOND: '200' });
  await service.said('ready');
  await until('a report of the empty table', () =>
    service.lines.some(({ reason }) => reason === 'the table customers is empty'),
  );
  assert.equal(await countMessages(kafka, ordersTopic), 0);

  await fillCustomers(superuser, 20);
  const { messages, reach } = await followTopic(t, kafka, ordersTopic);
  for (const message of await reach(300)) {
    const { customer, order: ordered } = readOrder(message);
    assert.equal(String(message.key), String(customer.id));
    assert.ok(customer.id >= 1 && customer.id <= 20 && ordered.quantity >= 1 && ordered.quantity <= 5);
  }
  await superuser.query('DELETE FROM customers WHERE id <> 5');
  await until(
    '200 orders of the only customer',
    () => messages.length > 0 && messages.slice(-200).every((message) => readOrder(message).customer.id === 5),
  );
  await fillCustomers(superuser, 1);
  await until('an order of the new customer', () =>
    messages.slice(-200).some((message) => readOrder(message).customer.id === 21),
  );

  assert.equal(await service.end(), 0);
});

test('after SIGTERM at a high rate, its counters match the topic, and no order is there twice', async (t) => {
  const { superuser, kafka, env, ordersTopic } = await createShop(t);
  await fillCustomers(superuser, 1_000);
  const service = runServiceProcess(t, main, { ...env, ORDERS_PER_SECOND: '5000', SEED: '1' });
  await service.said('ready');
  const { messages } = await followTopic(t, kafka, ordersTopic);
  await until('5,000 orders', () => messages.length >= 5_000);
  assert.equal(await service.end(), 0);

  const total = await countMessages(kafka, ordersTopic);
  await until('every order', () => messages.length >= total);
  assert.equal(new Set(messages.map((message) => readOrder(message).order_id)).size, total);
  const status = await followTopic(t, kafka, env['SERVICE_STATUS_TOPIC'] ?? '');
  const last = async () => JSON.parse(String((await status.reach(status.messages.length)).at(-1)?.value ?? '{}'));
  await until('the state stopped', async () => (await last()).state === 'stopped');
  assert.equal((await last()).counters.orders_made, total);
});

test('orders continue while Postgres is unavailable', async (t) => {
  const { superuser, kafka, env, ordersTopic, setAway } = await createShop(t);
  await fillCustomers(superuser, 5);
  const service = runServiceProcess(t, main, { ...env, ORDERS_PER_SECOND: '100' });
  await service.said('ready');
  await until('an order', async () => (await countMessages(kafka, ordersTopic)) > 0);
  await setAway(true);
  await until('a report that Postgres is unavailable', () =>
    service.lines.some(({ dependency }) => dependency === 'Postgres'),
  );
  const before = await countMessages(kafka, ordersTopic);
  await until('50 more orders', async () => (await countMessages(kafka, ordersTopic)) > before + 50);
  await setAway(false);
  await until(
    'a report that Postgres is available again',
    () => service.lines.filter(({ dependency }) => dependency === 'Postgres').length === 2,
  );
  assert.equal(await service.end(), 0);
});
