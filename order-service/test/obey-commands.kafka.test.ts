import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { order, readJson } from '@shop/common';
import {
  createShopDatabase,
  fillCustomers,
  followTopic,
  nameTopics,
  openCommandClient,
  runServiceProcess,
  until,
} from '@shop/test-support';

const names = ['ORDERS_TOPIC', 'SERVICE_STATUS_TOPIC', 'COMMANDS_TOPIC', 'COMMAND_RESULTS_TOPIC'];

/** Starts order-service for twenty customers. */
async function startOrdering(t: TestContext, perSecond: string) {
  const { superuser, env: database } = await createShopDatabase(t);
  await fillCustomers(superuser, 20);
  const topics = nameTopics(t, ...names);
  const env: Record<string, string> = { ...database, ...topics.env, ORDERS_PER_SECOND: perSecond };
  const service = runServiceProcess(t, new URL('../src/main.ts', import.meta.url), env);
  await service.said('ready');
  const command = await openCommandClient(t, topics);
  return { service, command, orders: await followTopic(t, topics.kafka, env['ORDERS_TOPIC'] ?? '') };
}

test('obeys commands: another rate and quantity, an order, and back to the settings', async (t) => {
  // One order in a hundred days: what comes is by command.
  const { service, command, orders } = await startOrdering(t, '0.001');
  const readOrders = () => orders.messages.map(({ value }) => readJson(value, order));
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

/** A message as far as it can be read as an order. */
function tryOrder(value: Buffer | null) {
  try {
    return readJson(value, order);
  } catch {
    return undefined;
  }
}

test('sends unusual traffic for its time, and goes back to the settings by itself', async (t) => {
  const { service, command, orders } = await startOrdering(t, '4');
  const result = await command({
    target: 'order-service',
    command: 'set-traffic',
    seconds: 2,
    times: 50,
    one_product_share: 1,
    one_customer_share: 0.5,
    late_share: 0.5,
    sent_twice_share: 0.2,
    unreadable_share: 0.2,
    seed: 1,
  });
  assert.deepEqual([result.status, result['orders_per_second'], result['seconds']], ['done', 200, 2], result.reason);
  await service.said('the time of a command is over, back to the settings');

  const found = orders.messages.map(({ value }) => tryOrder(value));
  const read = found.flatMap((each) => each ?? []);
  const ids = new Set(read.map(({ order_id }) => order_id));
  assert.ok(ids.size > 20, `${ids.size} orders`);
  assert.ok(read.length > ids.size, 'some orders were sent twice');
  assert.ok(found.length > read.length, 'some messages are no orders');
  const countOf = (holds: (each: (typeof read)[number]) => boolean) => read.filter(holds).length;
  assert.ok(countOf(({ customer }) => customer.id === result['customer_id']) > read.length / 4);
  assert.ok(countOf(({ ordered_at }) => Date.now() - Date.parse(ordered_at) > 120_000) > read.length / 5);
  const favourite = read.at(-1)?.order.product;
  assert.ok(countOf(({ order: { product } }) => product === favourite) >= read.length / 2);

  // At the usual rate, 50 orders take longer than the time limit of the next line: the former rate is over.
  const { messages } = orders;
  const before = messages.length;
  const after = await command({ target: 'order-service', command: 'reset' });
  assert.equal(after['orders_per_second'], 4);
  await orders.reach(before + 4);
  const usual = messages.slice(before).map(({ value }) => readJson(value, order));
  assert.equal(new Set(usual.map(({ order_id }) => order_id)).size, usual.length);
  assert.equal(await service.end(), 0);
});
