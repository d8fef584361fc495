import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type CommandRequest, commandResult, createCommand, readJson } from '@shop/common';
import {
  createShopDatabase,
  fillCustomers,
  followTopic,
  nameTopics,
  openTestKafka,
  runServiceProcess,
  until,
} from '@shop/test-support';

test('registers, moves and deletes a customer by command, and changes the rounds', async (t) => {
  const { superuser, env: database } = await createShopDatabase(t);
  await fillCustomers(superuser, 30);
  const { kafka, env: topics } = nameTopics(t, 'SERVICE_STATUS_TOPIC', 'COMMANDS_TOPIC', 'COMMAND_RESULTS_TOPIC');
  const env = {
    ...database,
    ...topics,
    // One round a day, at the start: what changes later is by command.
    UPDATE_INTERVAL_MS: '86400000',
    CUSTOMERS_INSERTED: '1',
    CUSTOMERS_MOVED: '0',
    CUSTOMERS_DELETED: '0',
  };
  const service = runServiceProcess(t, new URL('../src/main.ts', import.meta.url), env);
  await service.said('ready');
  const client = await openTestKafka();
  t.after(() => client.close());
  const topic = topics['COMMANDS_TOPIC'] ?? '';
  await until('the topics', async () =>
    (await client.admin.listTopics()).includes(topics['COMMAND_RESULTS_TOPIC'] ?? ''),
  );
  const results = await followTopic(t, kafka, topics['COMMAND_RESULTS_TOPIC'] ?? '');
  let sent = 0;
  async function command(request: CommandRequest) {
    await client.send(topic, [{ value: JSON.stringify(createCommand(request)) }]);
    sent += 1;
    return readJson((await results.reach(sent)).at(-1)?.value ?? null, commandResult);
  }
  const readCustomer = async (id: unknown) =>
    (await superuser.query('SELECT * FROM customers WHERE id = $1', [id])).rows[0];
  const countCustomers = async () => Number((await superuser.query('SELECT count(*) FROM customers')).rows[0].count);
  await until('the first round', async () => (await countCustomers()) === 31);

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

  assert.equal(await countCustomers(), 31);
  const faster = await command({ target: 'updater', command: 'set-customers', inserted: 7, interval_ms: 500 });
  assert.deepEqual([faster['inserted'], faster['moved'], faster['deleted'], faster['interval_ms']], [7, 0, 0, 500]);
  await until('two rounds', async () => (await countCustomers()) >= 45);
  const reset = await command({ target: 'updater', command: 'reset' });
  assert.deepEqual([reset['inserted'], reset['interval_ms']], [1, 86_400_000]);
  assert.equal(await service.end(), 0);
});
