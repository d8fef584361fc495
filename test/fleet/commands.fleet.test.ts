import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { type CommandResult, deadLetterHeaders } from '@shop/common';
import { startServiceProcess, until, untilPasses } from '@shop/test-support';
import { openShop } from './open-shop.ts';
import { movePorts, type RunningFleet, readPid, startFleet } from './start-fleet.ts';

const launcher = new URL('../../local/launch.mjs', import.meta.url);
const fileOf = (file: string) => fileURLToPath(new URL(`../../${file}`, import.meta.url));

/** Runs a command of the terminal beside the fleet. @returns the line of JSON that it prints */
async function runCommand<T>({ ports, data }: RunningFleet, file: string, ...words: string[]): Promise<T> {
  const offset = String(ports.page - movePorts(0).page);
  const flags = ['--json', '--port-offset', offset];
  const names = { COMMANDS_TOPIC: 'shop_commands', SHOP_DATA: data, LOG_LEVEL: 'silent' };
  const command = startServiceProcess(launcher, names, [fileOf(file), ...words, ...flags]);
  const code = await command.ended;
  assert.equal(code, 0, `${words.join(' ')}: ${command.output()}`);
  return JSON.parse(command.output().trim().split('\n').at(-1) ?? '');
}

/** Four seconds of a sale, in which some orders come late, twice or unreadable. */
const sale = `
about: a short sale
seconds: 4
commands:
  - { at: 0, target: updater, command: move-many, share: 0.3, seconds: 3 }
  - at: 0
    target: order-service
    command: set-traffic
    times: 50
    one_product_share: 1
    late_share: 0.2
    sent_twice_share: 0.05
    unreadable_share: 0.05
`;

interface CheckedPromise {
  check: string;
  state: string;
}

test('a visitor becomes a customer, crashes shipping-service and runs a sale: every promise is kept', async (t) => {
  const fleet = await startFleet(t);
  const shop = await openShop(t, fleet.ports);
  const command = (...words: string[]) => runCommand<CommandResult>(fleet, 'local/src/shop/shop-command.ts', ...words);
  const shipmentOf = (order: unknown) =>
    until('the shipment', () => shop.shipments().find(({ order_id }) => order_id === order));

  // The simulation must neither move nor delete the visitor.
  await command('rate', 'customers', '--moved', '0', '--deleted', '0');
  const { customer_id, first_name } = await command('register', '--first-name', 'Grace');
  assert.equal(first_name, 'Grace');
  const order = async () => (await command('order', String(customer_id), 'phone', '2'))['order_id'];
  assert.equal((await shipmentOf(await order())).first_name, 'Grace');
  await command('rate', 'orders', '100');

  const pid = readPid(fleet.data, 'shipping-service');
  const crash = await command('crash', 'shipping-service');
  assert.deepEqual([crash.target, crash.status], ['shipping-service', 'done']);
  await untilPasses('another process ships', async () => assert.notEqual(readPid(fleet.data, 'shipping-service'), pid));

  const ksqldb = readPid(fleet.data, 'ksqldb');
  for (const words of [
    ['crash', 'ksqldb'],
    ['freeze', 'connect', '3'],
  ])
    assert.equal((await command(...words)).status, 'done');
  await untilPasses('another ksqlDB runs', async () => assert.notEqual(readPid(fleet.data, 'ksqldb'), ksqldb));

  const { address } = await command('move', String(customer_id));
  await until('a shipment at the new address', async () => (await shipmentOf(await order())).address === address);
  await command('delete', String(customer_id));
  await until('an order of the deleted customer', async () => {
    const { status, reason } = await shipmentOf(await shop.order(Number(customer_id)));
    return status === 'undeliverable' && reason === 'customer_deleted';
  });
  for (const service of ['order-service', 'updater']) await command('rate', 'reset', service);

  const file = path.join(fleet.data, 'sale.yaml');
  writeFileSync(file, sale);
  const traffic = await command('scenario', file);
  assert.deepEqual([traffic.command, traffic.status, traffic['orders_per_second']], ['set-traffic', 'done', 250]);
  const letters = () => shop.messages('dead_letters').map(({ headers }) => String(headers?.[deadLetterHeaders.code]));
  for (const code of ['duplicate_order', 'invalid_json', 'wrong_shape'])
    await until(`a dead letter ${code}`, () => letters().includes(code));

  const results = await runCommand<CheckedPromise[]>(fleet, 'audit/src/command.ts', '--wait', '300');
  const states = Object.fromEntries(results.map(({ check, state }) => [check, state]));
  const kept = Object.fromEntries(['P1', 'P2', 'P3', 'P4', 'P5', 'P6', 'P7', 'P8'].map((check) => [check, 'ok']));
  assert.deepEqual(states, kept);
});
