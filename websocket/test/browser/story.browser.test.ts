import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { type TestContext, test } from 'node:test';
import { until } from '@shop/test-support';
import { findNothingSerious } from '../support/find-nothing-serious.ts';
import { looks, openPage } from '../support/open-page.ts';
import { button } from '../support/play-shop.ts';
import { sharePage } from '../support/share-page.ts';
import { createShopSimulation } from '../support/simulate-shop.ts';

const shop = createShopSimulation();
/** Other tests and earlier runs write to the same broker. */
const customer = Date.now();
const order = randomUUID();
const shared = sharePage({
  async prepare({ kafka }) {
    const registered = shop.register({ id: customer, first_name: 'Ada', last_name: 'Lovelace' });
    const placed = shop.order(customer, order);
    await kafka.send([...registered, ...placed, ...placed.flatMap((each) => shop.ship(each))]);
  },
});

async function openStory(t: TestContext, path: string, look: object = looks.desktop) {
  const { page, complaints, close } = await openPage(shared().browser, shared().service.port, look, path);
  t.after(close);
  return { page, complaints, dialog: page.getByRole('dialog') };
}

test('the address of an order opens its timeline, with the message of each hop', async (t) => {
  const { page, complaints, dialog } = await openStory(t, `/orders/${order}`);
  await dialog.getByRole('heading', { name: `of Ada Lovelace (${customer})` }).waitFor();
  const placed = dialog.locator('.event.orders');
  for (const hop of [/\d\d:\d\d:\d\d\.\d{3} ordered\s*$/, /in Kafka \+\d+ ms\s*$/])
    await placed.getByRole('listitem').filter({ hasText: hop }).waitFor();
  const shipped = dialog.locator('.event.shipments');
  for (const hop of ['shipping asks ksqlDB for the address', 'ksqlDB has answered', 'shipped', 'in Kafka'])
    await shipped.getByRole('listitem').filter({ hasText: hop }).first().waitFor();
  await dialog.locator('.event.customers').getByText('committed by Postgres').waitFor();
  await shipped.getByRole('button', { name: /shipped to Ada/ }).click();
  assert.match(await shipped.locator('pre').first().innerText(), new RegExp(`"order_id": "${order}"`));
  assert.deepEqual(complaints, []);

  await button(page, `Story of customer ${customer}`).click();
  await until('the address of the customer', () => page.url().endsWith(`/customers/${customer}`));
  await page.goBack();
  await dialog.getByRole('heading', { name: /^Order/ }).waitFor();
  await button(page, 'Close').click();
  await until('the address of the tab', () => new URL(page.url()).pathname === '/');
  await dialog.waitFor({ state: 'hidden' });
});

test('the address of a customer opens above the tab that was shown', async (t) => {
  const { page, dialog } = await openStory(t, '/play');
  await page.getByRole('searchbox', { name: /^Customer/ }).fill(String(customer));
  await button(page, 'Find story').click();
  for (const hop of ['committed by Postgres', 'captured by Debezium', 'ordered', 'shipped'])
    await dialog.getByRole('listitem').filter({ hasText: hop }).first().waitFor();
  await page.keyboard.press('Escape');
  await page.getByRole('link', { name: 'Play' }).and(page.locator('[aria-current="page"]')).waitFor();
  assert.equal(new URL(page.url()).pathname, '/play');
});

test('what is unknown or too old is reported', async (t) => {
  for (const path of [`/orders/${randomUUID()}`, `/orders/${customer}`, '/customers/999999999', '/customers/100%']) {
    const { dialog } = await openStory(t, path);
    const thing = path.startsWith('/orders') ? 'order' : 'customer';
    await dialog
      .getByRole('alert')
      .filter({ hasText: `This ${thing} is unknown, or older than` })
      .waitFor();
    assert.equal(await dialog.locator('.event').count(), 0, path);
  }
});

for (const [name, look] of Object.entries(looks))
  test(`nothing serious for assistive technology: ${name}`, async (t) => {
    const { page, dialog } = await openStory(t, `/orders/${order}`, look);
    await dialog.locator('.timeline').first().waitFor();
    await findNothingSerious(page);
  });
