import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, before, test } from 'node:test';
import { type Command, command, readJson } from '@shop/common';
import { findFreePort, followTopic, testKafka } from '@shop/test-support';
import type { Browser, Page } from 'playwright-core';
import { findNothingSerious } from '../support/find-nothing-serious.ts';
import { openBrowser } from '../support/open-browser.ts';
import { buildPage, looks, openPage } from '../support/open-page.ts';
import { produceTo } from '../support/produce-to.ts';
import { createShopSimulation, type ShopMessage } from '../support/simulate-shop.ts';
import { type RunningService, startService } from '../support/start-service.ts';

/** The topic that the page's list knows. The services of other tests do not read it. */
const topic = { COMMANDS_TOPIC: 'shop_commands' };
const token = 'a-token-of-this-test';
const shop = createShopSimulation();
let browser: Browser;
let kafka: Awaited<ReturnType<typeof produceTo>>;
let service: RunningService;

before(async () => {
  await buildPage();
  browser = await openBrowser();
  kafka = await produceTo(testKafka());
  service = await startService(testKafka(), topic);
});

after(async () => {
  await service?.end();
  await kafka?.close();
  await browser?.close();
});

/** Opens the tab Play. */
async function openPlay(port: number, look = looks.desktop) {
  const opened = await openPage(browser, port, look);
  await opened.page.locator('.page.open').waitFor();
  await opened.page.getByRole('link', { name: 'Play' }).click();
  return opened;
}

const button = (page: Page, name: string | RegExp) => page.getByRole('button', { name });
const commandLine = (page: Page, text: string) => page.locator('.command-list li', { hasText: text }).first();

/** The answer of a service of the shop, which does not run here. */
const answerTo = ({ command_id, target, command: name }: Command, details: object = {}): ShopMessage => ({
  topic: 'shop_command_results',
  key: command_id,
  value: JSON.stringify({
    command_id,
    target,
    instance: 'simulated',
    command: name,
    status: 'done',
    at: new Date().toISOString(),
    ...details,
  }),
});

/** Reads the next command of one kind. Other tests, and earlier runs, use the same topic. */
async function followCommands(t: Parameters<typeof followTopic>[0]) {
  const { messages, reach } = await followTopic(t, kafka.kafka, topic.COMMANDS_TOPIC);
  const began = Date.now();
  return async (name: Command['command']): Promise<Command> => {
    for (let count = 1; ; count += 1) {
      await reach(count);
      const read = readJson(messages[count - 1]?.value ?? null, command);
      if (read.command === name && Date.parse(read.issued_at) >= began) return read;
    }
  };
}

test('a visitor registers, orders and moves, and sees the new address arrive at each hop', async (t) => {
  const { page, complaints, close } = await openPlay(service.port);
  t.after(close);
  const nextCommand = await followCommands(t);
  await kafka.send(shop.inventory());
  await page.getByLabel('First name').fill('Grace');
  await button(page, 'Register').click();
  const registered = await nextCommand('register');
  const changes = shop.register({ first_name: 'Grace' });
  const id = Number(changes[0]?.key);
  const old = shop.customers.get(id)?.address ?? '';
  await kafka.send([...changes, answerTo(registered, { customer_id: id, address: old })]);
  const hops = page.getByRole('list', { name: 'Where the address has arrived' });
  await hops.getByRole('listitem').filter({ hasText: 'CUSTOMERS' }).filter({ hasText: old }).waitFor();
  await commandLine(page, 'register Grace').getByText('done').waitFor();

  await button(page, 'Order it').click();
  const ordered = await nextCommand('order');
  const orders = shop.order(id);
  await kafka.send([...orders, answerTo(ordered, { customer_id: id })]);
  await page.getByText('1 on the way.').waitFor();

  await button(page, /^Move$/).click();
  const moved = await nextCommand('move');
  const moves = shop.move(id);
  const address = shop.customers.get(id)?.address ?? '';
  await kafka.send([...moves, answerTo(moved, { customer_id: id, address })]);
  await hops.locator('.newest').nth(2).waitFor();
  assert.equal(await hops.locator('.newest').count(), 3, 'the parcel has not left');
  for (const order of orders) await kafka.send(shop.ship(order));
  const parcel = hops.locator('.newest', { hasText: 'on the last parcel' });
  await parcel.filter({ hasText: address }).filter({ hasText: 'the new address' }).waitFor();

  await kafka.send(shop.remove(id));
  await page.getByRole('alert').filter({ hasText: 'This customer was deleted' }).waitFor();
  assert.equal(await button(page, /^Move$/).count(), 0);
  assert.deepEqual(complaints, []);
});

test('a crash is shown where it happens, until the service is ready and the audit has checked', async (t) => {
  const { page, close } = await openPlay(service.port);
  t.after(close);
  const nextCommand = await followCommands(t);
  const shipping = button(page, /^shipping-service/);
  await shipping.click();
  await button(page, 'Crash shipping-service').click();
  await page.locator('.part-command', { hasText: 'waiting' }).waitFor();
  await kafka.send([answerTo(await nextCommand('crash'))]);
  await page.locator('.part.down', { hasText: /shipping-service.*crashed/s }).waitFor();
  const fault = page.getByRole('list', { name: 'Faults' }).getByRole('listitem').first();
  await fault.getByText('down since').waitFor();

  const since = new Date().toISOString();
  const [status] = shop.status();
  const ready = { service: 'shipping-service', instance: 'simulated', state: 'ready', since, at: since };
  await kafka.send([
    {
      topic: 'service_status',
      key: 'shipping-service/simulated',
      value: JSON.stringify({ ...JSON.parse(String(status?.value)), ...ready }),
    },
  ]);
  await fault.getByText('recovered in').waitFor();
  await kafka.send(shop.audit());
  for (const name of ['lost', 'shipped twice'])
    await fault.locator('div.good', { hasText: name }).getByText('0', { exact: true }).waitFor();
  await fault.getByText('7 of 7 that were checked since').waitFor();
  await fault.getByText('shipping-service/src/kafka/partition-session.ts').waitFor();
});

test('a slider sends what it says, and another visitor sees the command and its refusal', async (t) => {
  const [mine, other] = [await openPlay(service.port), await openPlay(service.port)];
  t.after(() => Promise.all([mine.close(), other.close()]));
  const nextCommand = await followCommands(t);
  await mine.page.getByRole('slider', { name: /^orders per second/ }).fill('7');
  await mine.page.getByText('order-service will place 200 orders a second.').waitFor();
  await button(mine.page, 'Set orders').click();
  const sent = await nextCommand('set-rate');
  assert.deepEqual('orders_per_second' in sent && sent.orders_per_second, 200);
  await commandLine(other.page, '200 orders a second').getByText('waiting').waitFor();
  const reason = `refused by ${randomUUID()}`;
  await kafka.send([answerTo(sent, { status: 'refused', reason })]);
  for (const { page } of [mine, other]) {
    const line = commandLine(page, '200 orders a second');
    await line.getByText('refused', { exact: true }).waitFor();
    await line.getByText(reason).waitFor();
  }
  await other.page.getByRole('link', { name: 'Watch' }).click();
  const listed = other.page.getByRole('list', { name: /^Latest events/ });
  await listed.getByText('Command to order-service: 200 orders a second').first().waitFor();
});

test('with commands off the page shows the shop, and offers nothing that changes it', async (t) => {
  const quiet = await startService(testKafka(), { ...topic, SHOP_CONTROL: 'off' });
  t.after(() => quiet.end());
  const { page, close } = await openPlay(quiet.port);
  t.after(close);
  await page.getByText('Commands are off').waitFor();
  await button(page, /^shipping-service/).click();
  assert.equal(await button(page, /^Crash/).count(), 0);
  for (const name of ['Register', 'Set orders', 'Back to normal'])
    assert.equal(await button(page, name).isDisabled(), true, name);
});

test('a wrong token is refused, and the right one sends commands', async (t) => {
  const guarded = await startService(testKafka(), { ...topic, SHOP_CONTROL: 'token', SHOP_CONTROL_TOKEN: token });
  t.after(() => guarded.end());
  const { page, close } = await openPlay(guarded.port);
  t.after(close);
  const nextCommand = await followCommands(t);
  async function useToken(text: string): Promise<void> {
    await page.getByLabel(/SHOP_CONTROL_TOKEN/).fill(text);
    await button(page, 'Use this token').click();
    await button(page, 'Set refills').click();
  }
  await useToken('a-wrong-token-of-this-test');
  await page.getByRole('alert').filter({ hasText: 'The server refused that token.' }).waitFor();
  await commandLine(page, 'refill-inventory').getByText('not sent').waitFor();
  await useToken(token);
  assert.equal((await nextCommand('set-refills')).target, 'refill-inventory');
});

test('without Kafka the page shows that a command was not sent', async (t) => {
  const alone = await startService(`127.0.0.1:${await findFreePort()}`);
  t.after(() => alone.end());
  const { page, close } = await openPlay(alone.port);
  t.after(close);
  await button(page, 'Set orders').click();
  const line = commandLine(page, 'order-service');
  await line.getByText('not sent', { exact: true }).waitFor();
  await line.getByText('Kafka is unavailable. The command was not sent.').waitFor();
});

for (const [name, look] of Object.entries(looks))
  test(`nothing serious for assistive technology: ${name}`, async (t) => {
    const { page, close } = await openPlay(service.port, look);
    t.after(close);
    await button(page, /^shipping-service/).click();
    await findNothingSerious(page);
    const width = await page.evaluate('document.documentElement.scrollWidth - innerWidth');
    assert.ok(Number(width) <= 0, `the page is ${width} px too wide`);
  });
