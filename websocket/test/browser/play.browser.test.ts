import assert from 'node:assert/strict';
import { test } from 'node:test';
import { findNothingSerious } from '../support/find-nothing-serious.ts';
import { looks } from '../support/open-page.ts';
import { answerTo, button, commandLine, commandsTopic, followCommands, openPlay } from '../support/play-shop.ts';
import { sharePage } from '../support/share-page.ts';
import { createShopSimulation } from '../support/simulate-shop.ts';

const shop = createShopSimulation();
/** Orders of other tests, which never ship, would count as orders that wait. */
const shared = sharePage({ env: commandsTopic, ownBroker: true });

test('a visitor registers, orders and moves, and sees the new address arrive at each hop', async (t) => {
  const { browser, kafka, service } = shared();
  const { page, complaints, close } = await openPlay(browser, service.port);
  t.after(close);
  const nextCommand = await followCommands(t, kafka.kafka);
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
  const { browser, kafka, service } = shared();
  const { page, close } = await openPlay(browser, service.port);
  t.after(close);
  const nextCommand = await followCommands(t, kafka.kafka);
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

for (const [name, look] of Object.entries(looks))
  test(`nothing serious for assistive technology: ${name}`, async (t) => {
    const { browser, service } = shared();
    const { page, close } = await openPlay(browser, service.port, look);
    t.after(close);
    await button(page, /^shipping-service/).click();
    await findNothingSerious(page);
  });
