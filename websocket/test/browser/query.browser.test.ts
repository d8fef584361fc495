import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { readQuestion } from '@shop/common';
import { findFreePort, until, untilPasses } from '@shop/test-support';
import type { BrowserContextOptions } from 'playwright-core';
import { exampleQueries } from '../../page/src/text/example-queries.ts';
import { findNothingSerious } from '../support/find-nothing-serious.ts';
import { looks, openPage } from '../support/open-page.ts';
import { button } from '../support/play-shop.ts';
import { sharePage } from '../support/share-page.ts';
import { createShopSimulation } from '../support/simulate-shop.ts';
import { type RunningKsqldb, startKsqldb } from '../support/start-ksqldb.ts';
import { startService } from '../support/start-service.ts';

const shop = createShopSimulation();
const ksqldbPort = await findFreePort();
const ksqldbEnv = { KSQLDB_ENDPOINT: `http://127.0.0.1:${ksqldbPort}` };
let ksqldb: RunningKsqldb;
/** Other tests write what ksqlDB writes here. */
const shared = sharePage({
  env: ksqldbEnv,
  ownBroker: true,
  async prepare({ broker, kafka, onClose }) {
    ksqldb = await startKsqldb(broker, ksqldbPort);
    onClose(ksqldb.end);
    const registered = shop.register({ first_name: 'Ada', last_name: 'Lovelace' });
    await kafka.send([...registered.filter(({ topic }) => topic !== 'CUSTOMERS'), ...shop.refill()]);
    const find = () => ksqldb.client.pull('SELECT * FROM CUSTOMERS WHERE ID = 1;');
    await until('the customer', async () => (await find()).rows.length === 1);
  },
});

/** Opens the tab of a service that ends with the test; the shared one by default. */
async function openQuery(
  t: TestContext,
  { port = shared().service.port, look = looks.desktop as BrowserContextOptions },
) {
  const { page, complaints, close } = await openPage(shared().browser, port, look, '/query');
  t.after(close);
  await page.locator('.page.open').waitFor();
  const ask = async (sql: string) => {
    await page.getByLabel('Query', { exact: true }).fill(sql);
    await button(page, 'Run').click();
  };
  return { page, complaints, ask, cell: (text: string) => page.getByRole('cell', { name: text, exact: true }) };
}

test('an example asks ksqlDB, and its answer is a table', async (t) => {
  const { page, complaints, cell } = await openQuery(t, {});
  await button(page, 'One customer').click();
  await cell('Lovelace').waitFor();
  await page.getByRole('columnheader', { name: 'ADDRESS' }).waitFor();
  await page.getByRole('status').filter({ hasText: '1 row.' }).waitFor();
  await button(page, 'All tables').click();
  await cell('FINAL_INVENTORY').first().waitFor();
  assert.deepEqual(complaints, []);
});

test('ksqlDB understands every example', async () => {
  assert.equal(exampleQueries.length, 6);
  for (const example of exampleQueries) {
    const { sql, isSelect } = readQuestion(example.sql);
    // EXPLAIN ends at once, also for a query that waits for changes.
    const [answer] = await ksqldb.client.execute(isSelect ? `EXPLAIN ${sql}` : sql);
    assert.match(String(answer?.['@type']), /^(queryDescription|tables|sourceDescription)$/, sql);
  }
});

test('a push query shows the orders that arrive, and leaving the tab or Stop ends it', async (t) => {
  const { page } = await openQuery(t, {});
  const left = () => page.waitForEvent('requestfailed', (request) => request.url().endsWith('/query'));
  const running = page.getByRole('status').filter({ hasText: 'The query is running' });
  const orders = button(page, 'Orders as they arrive');
  await orders.click();
  await running.waitFor();
  await untilPasses('five orders', async () => {
    await shared().kafka.send(shop.order(1));
    await page.getByRole('status').filter({ hasText: '5 rows.' }).waitFor({ timeout: 1_000 });
  });
  await page.getByRole('cell', { name: 'Lovelace' }).nth(4).waitFor();

  const stopped = left();
  await orders.click();
  await button(page, 'Stop').click();
  await stopped;
  await running.waitFor({ state: 'hidden' });

  const ended = left();
  await orders.click();
  await running.waitFor();
  await page.getByRole('link', { name: 'Watch' }).click();
  await ended;
});

test('errors are in the words of ksqlDB, and nothing but a question reaches it', async (t) => {
  const { page, ask } = await openQuery(t, {});
  const alert = (text: string | RegExp) => page.getByRole('alert').filter({ hasText: text }).waitFor();
  await ask('SELECT * FROM NOWHERE;');
  await alert(/NOWHERE does not exist/);
  await ask('DROP TABLE CUSTOMERS;');
  await alert('Expected SELECT, SHOW, LIST, DESCRIBE or EXPLAIN.');
});

test('with commands off nothing can be asked', async (t) => {
  const off = await startService(shared().broker, { ...ksqldbEnv, SHOP_CONTROL: 'off' });
  t.after(() => off.end());
  const { page } = await openQuery(t, off);
  await page.getByText('Commands and queries are off').waitFor();
  assert.equal(await button(page, 'Run').isDisabled(), true);
  await button(page, 'All tables').click();
  const text = page.getByLabel('Query', { exact: true });
  await until('the example', async () => (await text.inputValue()) === 'SHOW TABLES;');
  assert.equal(await page.getByRole('alert').count(), 0);
});

test('where a token is needed, the query is sent with it', async (t) => {
  const token = 'a-token-of-this-test';
  const guarded = await startService(shared().broker, { ...ksqldbEnv, SHOP_CONTROL_TOKEN: token });
  t.after(() => guarded.end());
  const { page, cell } = await openQuery(t, guarded);
  assert.equal(await button(page, 'Run').isDisabled(), true);
  await page.getByLabel(/SHOP_CONTROL_TOKEN/).fill(token);
  await button(page, 'Use this token').click();
  await button(page, 'All tables').click();
  await cell('FINAL_INVENTORY').first().waitFor();
});

for (const [name, look] of Object.entries(looks))
  test(`nothing serious for assistive technology: ${name}`, async (t) => {
    const { page, cell } = await openQuery(t, { look });
    await button(page, 'How the stock is made').click();
    await cell('FINAL_INVENTORY').first().waitFor();
    await findNothingSerious(page);
  });
