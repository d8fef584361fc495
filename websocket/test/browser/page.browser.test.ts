import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { testKafka, until } from '@shop/test-support';
import type { Browser, Page } from 'playwright-core';
import { driveShop } from '../support/drive-shop.ts';
import { findNothingSerious } from '../support/find-nothing-serious.ts';
import { openBrowser } from '../support/open-browser.ts';
import { buildPage, looks, openPage } from '../support/open-page.ts';
import { produceTo } from '../support/produce-to.ts';
import { createShopSimulation } from '../support/simulate-shop.ts';
import { type RunningService, startService } from '../support/start-service.ts';

const shop = createShopSimulation();
let browser: Browser;
let kafka: Awaited<ReturnType<typeof produceTo>>;
let service: RunningService;
let running: ReturnType<typeof driveShop>;

before(async () => {
  await buildPage();
  browser = await openBrowser();
  kafka = await produceTo(testKafka());
  service = await startService(testKafka());
  running = driveShop(shop, kafka.send, { ordersPerSecond: 20 });
});

after(async () => {
  await running?.stop();
  await service?.end();
  await kafka?.close();
  await browser?.close();
});

const isLive = (page: Page) =>
  page
    .getByRole('status')
    .filter({ hasText: /^live$/ })
    .waitFor();
const rows = (page: Page) => page.getByRole('list', { name: /^Latest events/ }).getByRole('listitem');

test('numbers and events move', async () => {
  const { page, complaints, close } = await openPage(browser, service.port);
  await isLive(page);
  const orders = page.locator('.figure.orders .figure-value');
  await until('orders per second', async () => Number.parseFloat(await orders.innerText()) > 5);
  const [first] = await rows(page).allInnerTexts();
  await until('other events', async () => (await rows(page).allInnerTexts())[0] !== first);
  await until('stock', async () => (await page.getByRole('row').count()) === 5);
  await page.locator('.figure', { hasText: 'none broken; not checked: P7' }).waitFor();
  await page.getByText('P1 simulated').waitFor();
  await page.locator('.service-name', { hasText: 'shipping-service' }).waitFor();
  await until('charts are drawn', async () => (await page.locator('.plot canvas').count()) === 3);
  assert.deepEqual(complaints, []);
  await close();
});

test('events are filtered by topic and by text, paused, and opened', async () => {
  const { page, close } = await openPage(browser, service.port);
  await isLive(page);
  await page.getByRole('checkbox', { name: 'shipments' }).check({ force: true });
  const topics = async () => new Set(await page.locator('.event-topic').allInnerTexts());
  await until('only shipments', async () => [...(await topics())].join() === 'shipments');
  await page.getByPlaceholder('Only events with this text').fill('undeliverable');
  await until('only undeliverable ones', async () =>
    (await rows(page).allInnerTexts()).every((text) => text.includes('cannot be delivered')),
  );
  await page.getByPlaceholder('Only events with this text').fill('');
  await until('all shipments again', async () => (await rows(page).allInnerTexts()).join().includes('shipped to'));
  await page.getByRole('button', { name: 'Pause' }).click();
  const held = await rows(page).allInnerTexts();
  await page.getByRole('button', { name: /^Continue \([1-9]/ }).waitFor();
  assert.deepEqual(await rows(page).allInnerTexts(), held, 'nothing moves while paused');
  await rows(page).first().getByRole('button').click();
  assert.match(await page.locator('.event-detail pre').first().innerText(), /"order_id": "/);
  await page.getByRole('button', { name: /^Continue/ }).click();
  await until('it goes on', async () => (await rows(page).allInnerTexts()).join() !== held.join());
  await close();
});

test('an address change leads to its shipment, and the history shows both', async () => {
  const { page, close } = await openPage(browser, service.port);
  await isLive(page);
  // Another run of this test may have left its customer in the broker.
  const name = `Wanda Wanders-${Date.now()}`;
  const [registered] = shop.register({ first_name: 'Wanda', last_name: name.replace('Wanda ', '') });
  const id = Number(registered?.key);
  await kafka.send(shop.register());
  await kafka.send(registered ? [registered] : []);
  await kafka.send(shop.move(id));
  const moved = shop.customers.get(id)?.address ?? '';
  const [order] = shop.order(id);
  assert.ok(order);
  await kafka.send([order]);
  await until('the customer’s change is read', async () => {
    const response = await fetch(`http://127.0.0.1:${service.port}/stories?search=${id}`);
    return (await response.text()).includes(moved);
  });
  await kafka.send(shop.ship(order));
  const move = page.locator('.move', { hasText: name });
  await move.waitFor();
  assert.ok((await move.locator('.move-to').innerText()).includes(moved));

  await page.getByRole('searchbox', { name: /^Customer/ }).fill(name.toLowerCase());
  await page.getByRole('button', { name: 'Find story' }).click();
  await page.getByRole('dialog').getByRole('button', { name }).click();
  const dialog = page.getByRole('dialog', { name });
  for (const part of ['registered', `moved to ${moved}`, 'orders', `shipped to ${name}, ${moved}`])
    await dialog.locator('.event-text', { hasText: part }).first().waitFor();
  await dialog.locator('.marked', { hasText: 'the new address' }).filter({ hasText: moved }).waitFor();
  assert.match(page.url(), new RegExp(`/customers/${id}$`));
  await page.keyboard.press('Escape');
  await until('closed', async () => new URL(page.url()).pathname === '/');
  await close();
});

test('markup in a customer’s name stays text', async () => {
  const { page, complaints, close } = await openPage(browser, service.port);
  await isLive(page);
  const name = '<script>window.hacked = 1</script><img src=x onerror="window.hacked = 1">';
  await page.getByPlaceholder('Only events with this text').fill('hacked');
  await kafka.send(shop.register({ first_name: name }));
  const row = rows(page)
    .filter({ hasText: `${name} ` })
    .filter({ hasText: 'registered' })
    .first();
  await row.waitFor();
  assert.ok((await row.innerText()).includes(name));
  await row.getByRole('button').click();
  await page.locator('.event-detail pre').waitFor();
  assert.equal(await page.evaluate('window.hacked'), undefined);
  assert.equal(await page.locator('.events img, .events script').count(), 0);
  assert.deepEqual(complaints, []);
  await close();
});

test('with thousands of events a second the page shows a labelled sample, and does not grow', async () => {
  const { page, close } = await openPage(browser, service.port);
  await isLive(page);
  const flood = driveShop(createShopSimulation(), kafka.send, { ordersPerSecond: 1_500 });
  await page.getByText(/more per second are counted, not listed/).waitFor();
  await until('the rate is shown', async () => {
    const shown = await page.locator('.figure.orders .figure-value').innerText();
    return Number.parseFloat(shown.replace(',', '')) > 500;
  });
  assert.ok((await rows(page).count()) <= 120);
  await flood.stop();
  await close();
});

for (const [name, look] of Object.entries(looks))
  test(`nothing serious for assistive technology: ${name}`, async () => {
    const { page, complaints, close } = await openPage(browser, service.port, look);
    await isLive(page);
    await rows(page).first().getByRole('button').click();
    await findNothingSerious(page);
    await page.getByRole('searchbox', { name: /^Customer/ }).fill('1');
    await page.getByRole('button', { name: 'Find story' }).click();
    await page.getByRole('dialog').locator('.card-note').waitFor();
    await findNothingSerious(page);
    assert.deepEqual(complaints, []);
    await close();
  });

test('the page reconnects, also to a restarted server', async () => {
  const { page, close } = await openPage(browser, service.port);
  await isLive(page);
  const { port } = service;
  assert.equal(await service.end(), 0);
  await page.getByRole('status').filter({ hasText: 'connection lost' }).waitFor();
  service = await startService(testKafka(), { PORT: String(port) });
  await isLive(page);
  const [first] = await rows(page).allInnerTexts();
  await until('events go on', async () => (await rows(page).allInnerTexts())[0] !== first);
  await close();
});
