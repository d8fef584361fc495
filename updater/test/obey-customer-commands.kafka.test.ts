import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import {
  createShopDatabase,
  fillCustomers,
  nameTopics,
  openCommandClient,
  runServiceProcess,
  until,
} from '@shop/test-support';

/** Starts an updater for thirty customers. One round a day, at the start, registers one more: other changes are by command. */
async function startUpdating(t: TestContext) {
  const { superuser, env: database } = await createShopDatabase(t);
  await fillCustomers(superuser, 30);
  const topics = nameTopics(t, 'SERVICE_STATUS_TOPIC', 'COMMANDS_TOPIC', 'COMMAND_RESULTS_TOPIC');
  const env = {
    ...database,
    ...topics.env,
    UPDATE_INTERVAL_MS: '86400000',
    CUSTOMERS_INSERTED: '1',
    CUSTOMERS_MOVED: '0',
    CUSTOMERS_DELETED: '0',
  };
  const service = runServiceProcess(t, new URL('../src/main.ts', import.meta.url), env);
  await service.said('ready');
  const countCustomers = async () => Number((await superuser.query('SELECT count(*) FROM customers')).rows[0].count);
  await until('the first round', async () => (await countCustomers()) === 31);
  return { service, superuser, countCustomers, command: await openCommandClient(t, topics) };
}

test('registers, moves and deletes a customer by command, and changes the rounds', async (t) => {
  const { service, superuser, countCustomers, command } = await startUpdating(t);
  const readCustomer = async (id: unknown) =>
    (await superuser.query('SELECT * FROM customers WHERE id = $1', [id])).rows[0];

  const ada = await command({ target: 'updater', command: 'register', first_name: 'Ada', country: 'Japan' });
  assert.equal(ada.status, 'done', ada.reason);
  const before = await readCustomer(ada['customer_id']);
  assert.deepEqual([before.first_name, before.country, before.address], ['Ada', 'Japan', ada['address']]);
  const atlantis = await command({ target: 'updater', command: 'register', country: 'Atlantis' });
  assert.deepEqual(
    [atlantis.status, atlantis.reason?.split(',')[0]],
    ['refused', 'the shop does not ship to Atlantis'],
  );

  const customer_id = Number(ada['customer_id']);
  const moved = await command({ target: 'updater', command: 'move', customer_id });
  const after = await readCustomer(customer_id);
  assert.deepEqual([after.country, after.address, after.first_name], ['Japan', moved['address'], 'Ada']);
  assert.notEqual(after.address, before.address);

  assert.equal((await command({ target: 'updater', command: 'delete', customer_id })).status, 'done');
  assert.equal(await readCustomer(customer_id), undefined);
  for (const name of ['delete', 'move'] as const) {
    const again = await command({ target: 'updater', command: name, customer_id });
    assert.deepEqual([again.status, again.reason], ['refused', `there is no customer ${customer_id}`]);
  }

  const lamp = await command({ target: 'updater', command: 'add-product', product: 'lamp' });
  assert.deepEqual([lamp.status, lamp['product_id']], ['done', 5], lamp.reason);
  const { rows: products } = await superuser.query('SELECT product FROM products ORDER BY id');
  assert.deepEqual(
    products.map(({ product }) => product),
    ['toy', 'phone', 'table', 'chair', 'lamp'],
  );
  const twice = await command({ target: 'updater', command: 'add-product', product: 'lamp' });
  assert.deepEqual([twice.status, twice.reason?.split(',')[0]], ['refused', 'there is a product lamp already']);

  assert.equal(await countCustomers(), 31);
  const faster = await command({ target: 'updater', command: 'set-customers', inserted: 7, interval_ms: 500 });
  assert.deepEqual([faster['inserted'], faster['moved'], faster['deleted'], faster['interval_ms']], [7, 0, 0, 500]);
  await until('two rounds', async () => (await countCustomers()) >= 45);
  const reset = await command({ target: 'updater', command: 'reset' });
  assert.deepEqual([reset['inserted'], reset['interval_ms']], [1, 86_400_000]);
  assert.equal(await service.end(), 0);
});

test('moves a share of all customers in batches, each customer once', async (t) => {
  const { service, superuser, command } = await startUpdating(t);
  const readAddresses = async () =>
    new Map<string, string>(
      (await superuser.query('SELECT id, address FROM customers')).rows.map(({ id, address }) => [id, address]),
    );
  const before = await readAddresses();
  const result = await command({ target: 'updater', command: 'move-many', share: 0.333, seconds: 3, seed: 1 });
  assert.deepEqual([result.status, result['customers'], result['seconds']], ['done', 11, 3], result.reason);
  const countMoved = async () =>
    [...(await readAddresses())].filter(([id, address]) => before.get(id) !== address).length;
  await until('eleven customers have moved', async () => (await countMoved()) === 11);

  const stopped = await command({ target: 'updater', command: 'move-many', share: 1, seconds: 600, seed: 1 });
  assert.equal(stopped['customers'], 31);
  assert.equal((await command({ target: 'updater', command: 'reset' })).status, 'done');
  assert.equal(await service.end(), 0);
  assert.ok((await countMoved()) < 31, 'reset has ended the moves');
});
