import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { testKafka } from '@shop/test-support';
import type { Browser, Page } from 'playwright-core';
import { openBrowser } from '../support/open-browser.ts';
import { buildPage } from '../support/open-page.ts';
import { type RunningService, startService } from '../support/start-service.ts';

let service: RunningService;

before(async () => {
  await buildPage();
  service = await startService(testKafka());
});

after(() => service?.end());

/** A page and the errors that nothing caught. */
async function open(browser: Browser, prepare: (page: Page) => Promise<unknown>) {
  const page = await browser.newPage();
  const errors: string[] = [];
  page.on('pageerror', (error) => errors.push(String(error)));
  await prepare(page);
  await page.goto(`http://127.0.0.1:${service.port}/`);
  return { page, errors };
}

const cards = 8;

async function findWholePage(page: Page): Promise<void> {
  await page.locator('.page.open').waitFor();
  await page.locator('.plot canvas').nth(2).waitFor();
  assert.ok((await page.locator('.card').count()) >= cards);
  assert.equal(await page.getByRole('alert').count(), 0);
}

test('a browser in the POSIX locale shows the whole page', async (t) => {
  const browser = await openBrowser({
    args: ['--lang=C'],
    env: { ...process.env, LANG: 'C', LC_ALL: 'C', LANGUAGE: 'C' },
  });
  t.after(() => browser.close());
  const { page, errors } = await open(browser, async () => undefined);
  await findWholePage(page);
  assert.deepEqual(errors, []);
});

for (const language of ['en-US@posix', 'C', '', 'x'.repeat(50), null])
  test(`the language ${JSON.stringify(language)} shows the whole page`, async (t) => {
    const browser = await openBrowser();
    t.after(() => browser.close());
    const { page, errors } = await open(browser, (opened) => opened.addInitScript(setLanguage(language)));
    await findWholePage(page);
    assert.deepEqual(errors, []);
  });

const setLanguage = (language: string | null) =>
  `Object.defineProperty(Navigator.prototype, 'language', { get: () => ${JSON.stringify(language)} })`;

test('an error in one part is shown there, and the other parts continue', async (t) => {
  const browser = await openBrowser();
  t.after(() => browser.close());
  const { page } = await open(browser, (opened) =>
    opened.routeWebSocket(/\/page$/, (client) => {
      const server = client.connectToServer();
      server.onMessage((message) => {
        const told = JSON.parse(String(message));
        client.send(JSON.stringify(told.type === 'picture' ? { ...told, products: 7 } : told));
      });
    }),
  );
  for (const name of ['Stock, by ksqlDB', 'Left in stock']) {
    const part = page.getByRole('alert').filter({ has: page.getByRole('heading', { name }) });
    await part.getByText(/This part cannot be shown: .+\. It is tried again every 30 s/).waitFor();
  }
  assert.equal(await page.getByRole('alert').count(), 2);
  await page.locator('.plot canvas').nth(1).waitFor();
  for (const name of ['How it flows', 'Latest events', 'Services', 'Where customers are'])
    await page.getByRole('heading', { name }).waitFor();
  const oldest = await page.locator('.page-foot').innerText();
  assert.match(oldest, /Counted since/, 'pictures still arrive');
});

test('when the chart library does not load, only the charts are missing', async (t) => {
  const browser = await openBrowser();
  t.after(() => browser.close());
  const { page } = await open(browser, (opened) => opened.route(/uPlot.*\.js$/, (route) => route.abort()));
  await page.getByRole('alert').nth(2).waitFor();
  assert.equal(await page.getByRole('alert').count(), 3);
  await page.locator('.page.open').waitFor();
  await page.unroute(/uPlot.*\.js$/);
});
