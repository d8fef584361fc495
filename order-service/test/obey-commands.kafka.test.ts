import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type CommandRequest, commandResult, createCommand, order, readJson } from '@shop/common';
import {
  createShopDatabase,
  fillCustomers,
  followTopic,
  nameTopics,
  openTestKafka,
  runServiceProcess,
  until,
} from '@shop/test-support';

test('obeys commands: another rate and quantity, an order, and back to the settings', async (t) => {
  const { superuser, env: database } = await createShopDatabase(t);
  await fillCustomers(superuser, 20);
  const names = ['ORDERS_TOPIC', 'SERVICE_STATUS_TOPIC', 'COMMANDS_TOPIC', 'COMMAND_RESULTS_TOPIC'];
  const { kafka, env: topics } = nameTopics(t, ...names);
  // One order in a hundred days: what comes is by command.
  const env = { ...database, ...topics, ORDERS_PER_SECOND: '0.001' };
  const service = runServiceProcess(t, new URL('../src/main.ts', import.meta.url), env);
  await service.said('ready');
  const client = await openTestKafka();
  t.after(() => client.close());
  const orders = await followTopic(t, kafka, topics['ORDERS_TOPIC'] ?? '');
  const results = await followTopic(t, kafka, topics['COMMAND_RESULTS_TOPIC'] ?? '');
  const readOrders = () => orders.messages.map(({ value }) => readJson(value, order));
  let sent = 0;
  async function command(request: CommandRequest) {
    await client.send(topics['COMMANDS_TOPIC'] ?? '', [{ value: JSON.stringify(createCommand(request)) }]);
    sent += 1;
    return readJson((await results.reach(sent)).at(-1)?.value ?? null, commandResult);
  }

  const product = readJson((await orders.reach(1))[0]?.value ?? null, order).order.product;
  const placed = await command({ target: 'order-service', command: 'order', customer_id: 7, product, quantity: 3 });
  assert.equal(placed.status, 'done', placed.reason);
  await orders.reach(2);
  const [, found] = readOrders();
  assert.deepEqual(
    [found?.order_id, found?.customer.id, found?.order.product, found?.order.quantity],
    [placed['order_id'], 7, product, 3],
  );

  for (const [wrong, reason] of [
    [{ customer_id: 999, product }, /^there is no customer 999$/],
    [{ customer_id: 7, product: 'lamp' }, /^there is no product lamp; the shop has .*\w/],
  ] as const) {
    const refused = await command({ target: 'order-service', command: 'order', ...wrong });
    assert.equal(refused.status, 'refused');
    assert.match(refused.reason ?? '', reason);
  }

  const quantity = await command({ target: 'order-service', command: 'set-quantity', min: 8, max: 9 });
  assert.equal(quantity.status, 'done');
  const rate = await command({ target: 'order-service', command: 'set-rate', orders_per_second: 200 });
  assert.deepEqual([rate.status, rate['orders_per_second']], ['done', 200]);
  await orders.reach(202);
  for (const { order: ordered } of readOrders().slice(2)) assert.ok(ordered.quantity === 8 || ordered.quantity === 9);

  const reset = await command({ target: 'order-service', command: 'reset' });
  assert.deepEqual([reset.status, reset['orders_per_second'], reset['min'], reset['max']], ['done', 0.001, 1, 5]);
  const after = await command({ target: 'order-service', command: 'order', customer_id: 8, product });
  await until('the last order', () => readOrders().some(({ order_id }) => order_id === after['order_id']));
  assert.equal(readOrders().at(-1)?.order_id, after['order_id'], 'no order comes by itself any more');
  assert.equal(await service.end(), 0);
});
