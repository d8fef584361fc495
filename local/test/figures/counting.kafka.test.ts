import assert from 'node:assert/strict';
import path from 'node:path';
import test, { type TestContext } from 'node:test';
import { createClosers } from '@shop/common';
import { deleteRecords, makeTestFolder, nameTopics, openTestKafka, recreateTopic, until } from '@shop/test-support';
import type { Message } from 'kafkajs';
import { startCounting } from '../../src/figures/counting.ts';

const names = ['CUSTOMERS_TOPIC', 'ORDERS_TOPIC', 'SHIPMENTS_TOPIC', 'DEAD_LETTERS_TOPIC'] as const;

/** Counts this test's topics, as `npm start` does. */
async function open(t: TestContext) {
  const closers = createClosers();
  t.after(() => closers.closeAll());
  const { env } = nameTopics(t, ...names);
  const client = await openTestKafka();
  t.after(() => client.close());
  const file = path.join(makeTestFolder(t), 'figures.json');

  function start(since = 0) {
    const ending = new AbortController();
    const said: string[] = [];
    const counting = startCounting({
      topicEnvironment: { ...env, TOPIC_PARTITIONS: '2' },
      // Nothing listens on ksqlDB's port.
      env: { ...env, KSQLDB_ENDPOINT: 'http://127.0.0.1:1' },
      file,
      since,
      signal: ending.signal,
      say: (text) => said.push(text),
    });
    let closing: Promise<void> | undefined;
    function close(): Promise<void> {
      ending.abort(new Error('the end'));
      closing ??= counting.close();
      return closing;
    }
    closers.add(close);
    const shows = (line: string) => until(line, () => counting.describe().startsWith(line));
    return { counting, said, shows, close };
  }

  return {
    admin: client.admin,
    topicOf: (name: (typeof names)[number]) => env[name] ?? '',
    write: (name: (typeof names)[number], ...messages: Message[]) =>
      client.send(
        env[name] ?? '',
        messages.map((each) => ({ partition: 0, ...each })),
      ),
    start,
  };
}

const customer = (key: string, op: string) => ({ key, value: JSON.stringify({ op }) });

test('counts the topics, and the next start continues from the stored counts', async (t) => {
  const { admin, topicOf, write, start } = await open(t);
  const first = start(1_000);
  await until('the topics', async () => (await admin.listTopics()).includes(topicOf('DEAD_LETTERS_TOPIC')));
  await write('CUSTOMERS_TOPIC', customer('1', 'c'), customer('2', 'c'), customer('3', 'c'), customer('2', 'd'));
  await write('ORDERS_TOPIC', { value: 'a' }, { value: 'b', partition: 1 }, { value: 'c' }, { value: 'd' });
  await write('DEAD_LETTERS_TOPIC', { value: 'x' });
  await write('SHIPMENTS_TOPIC', { value: '{"status":"undeliverable"}' });
  await write('SHIPMENTS_TOPIC', { value: '{"status":"delivered"}', timestamp: '3500' });
  await first.shows('customers 2  orders 4  shipped 1  undeliverable 1  waiting 1  dead letters 1');
  const { inventory, first_shipment_s: shippedAfter, ...figures } = await first.counting.result();
  assert.deepEqual(figures, { customers: 2, orders: 4, delivered: 1, undeliverable: 1, dead_letters: 1 });
  assert.equal(inventory, null);
  // Use the broker's timestamps, as the shop's topics do.
  assert.ok(Number(shippedAfter) > 1_000_000, String(shippedAfter));
  assert.match(String(first.said), /^cannot read the inventory from ksqlDB: no answer/);
  await first.close();

  // A count from the beginning would be lower.
  const deleted = (partition: number) => ({ partition, offset: '-1' });
  await deleteRecords(admin, topicOf('ORDERS_TOPIC'), [deleted(0), deleted(1)]);
  const second = start();
  await write('ORDERS_TOPIC', { value: 'e' });
  await write('CUSTOMERS_TOPIC', customer('1', 'd'), customer('3', 'u'));
  await second.shows('customers 1  orders 5  shipped 1  undeliverable 1  waiting 2  dead letters 1');
  await second.close();
  assert.deepEqual(second.said, []);
  await until('no consumer group', async () =>
    (await admin.listGroups()).groups.every(({ groupId }) => !groupId.startsWith('npm-start')),
  );
});

test('starts over when a topic was deleted and recreated between two starts', async (t) => {
  const { admin, topicOf, write, start } = await open(t);
  const first = start();
  await until('the topics', async () => (await admin.listTopics()).includes(topicOf('DEAD_LETTERS_TOPIC')));
  await write('ORDERS_TOPIC', { value: 'a' }, { value: 'b' });
  await first.shows('customers 0  orders 2');
  await first.close();

  await recreateTopic(admin, topicOf('ORDERS_TOPIC'), 2);
  await write('ORDERS_TOPIC', { value: 'c' });
  const second = start();
  await second.shows('customers 0  orders 1');
});

test('continues when a topic is recreated while it counts', async (t) => {
  const { admin, topicOf, write, start } = await open(t);
  const { shows } = start();
  await until('the topics', async () => (await admin.listTopics()).includes(topicOf('DEAD_LETTERS_TOPIC')));
  await write('ORDERS_TOPIC', { value: 'a' }, { value: 'b' });
  await shows('customers 0  orders 2');
  await recreateTopic(admin, topicOf('ORDERS_TOPIC'), 2);
  await write('ORDERS_TOPIC', { value: 'c' });
  await shows('customers 0  orders 3');
});
