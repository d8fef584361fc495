import assert from 'node:assert/strict';
import path from 'node:path';
import { test } from 'node:test';
import { CommandRefused, obeyCommands, publishStatus, readKafkaSettings, readTopics } from '@shop/common';
import {
  findFreePort,
  makeTestFolder,
  nameTopics,
  openServiceContext,
  openTestKafka,
  runServiceProcess,
} from '@shop/test-support';

const main = new URL('../../src/shop/shop-command.ts', import.meta.url);
const names = ['COMMANDS_TOPIC', 'COMMAND_RESULTS_TOPIC', 'SERVICE_STATUS_TOPIC'];

async function runShop(t: test.TestContext, env: Record<string, string>, ...words: string[]) {
  const shop = runServiceProcess(t, main, { ...env, LOG_LEVEL: 'silent' }, words);
  const code = await shop.ended;
  return { code, output: shop.output() };
}

test('rate orders goes through Kafka and prints the result, for people and for programs', async (t) => {
  const { kafka, env } = nameTopics(t, ...names);
  const topics = readTopics(env);
  const client = await openTestKafka();
  t.after(() => client.close());
  for (const { topic } of [topics.commands, topics.commandResults, topics.serviceStatus])
    await client.createTopic(topic, 1);
  const { context } = openServiceContext(t, 'order-service', env);
  const rates: number[] = [];
  obeyCommands(
    {
      kafka,
      settings: readKafkaSettings(env),
      topics,
      handlers: {
        'set-rate'({ orders_per_second }) {
          if (orders_per_second === 13) throw new CommandRefused('13 brings bad luck');
          rates.push(orders_per_second);
          return { orders_per_second };
        },
      },
    },
    context,
  );
  await publishStatus(kafka, topics.serviceStatus.topic, context);

  const people = await runShop(t, env, 'rate', 'orders', '200');
  assert.equal(people.code, 0, people.output);
  assert.equal(people.output, 'order-service (one): set-rate done\norders_per_second  200');

  const programs = await runShop(t, env, 'rate', 'orders', '13', '--json');
  assert.equal(programs.code, 1);
  const { status, reason } = JSON.parse(programs.output);
  assert.deepEqual([status, reason], ['refused', '13 brings bad luck']);

  const tooMuch = await runShop(t, env, 'rate', 'orders', '2001');
  assert.deepEqual([tooMuch.code, rates], [2, [200]], 'refused by the contract before it is sent');

  const step = '{ at: 0, target: order-service, command: set-rate, orders_per_second: 7 }';
  const text = `{ about: seven, seconds: 1, seed: 3, commands: [${step}] }`;
  const file = path.join(makeTestFolder(t, { 'mine.yaml': text }), 'mine.yaml');
  const scenario = await runShop(t, env, 'scenario', file);
  assert.equal(scenario.code, 0, scenario.output);
  assert.equal(
    scenario.output,
    'seven (seed 3)\norder-service (one): set-rate done\norders_per_second  7\nseconds            1',
  );
  assert.deepEqual(rates, [200, 7]);

  const shown = await runShop(t, env, 'status');
  assert.equal(shown.code, 0);
  assert.match(shown.output, /^service +instance +state .*\n─.*\norder-service +one +starting /);
});

test('without Kafka it ends at once with one line', async (t) => {
  const port = await findFreePort();
  const { code } = await runShop(t, { KAFKA_BOOTSTRAP_SERVERS: `127.0.0.1:${port}` }, 'crash', 'audit');
  assert.equal(code, 2);
});
