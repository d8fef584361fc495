import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, before, test } from 'node:test';
import { testKafka } from '@shop/test-support';
import type { Browser, Page } from 'playwright-core';
import { openBrowser } from '../support/open-browser.ts';
import { buildPage } from '../support/open-page.ts';
import { openProxy } from '../support/open-proxy.ts';
import { type RunningService, startService } from '../support/start-service.ts';

let browser: Browser;
let service: RunningService;

before(async () => {
  await buildPage();
  // Chromium resolves both names to this machine, as an attacker's DNS server would.
  browser = await openBrowser({ args: ['--host-resolver-rules=MAP *.example 127.0.0.1'] });
  service = await startService(testKafka());
});

after(async () => {
  await service?.end();
  await browser?.close();
});

const connected = (page: Page) => page.locator('.page.open').waitFor();
const notice = (page: Page) => page.getByRole('alert').innerText();

async function open(url: string): Promise<Page> {
  const page = await browser.newPage();
  await page.goto(url);
  return page;
}

test('behind a tunnel that rewrites Origin the page is live', async (t) => {
  const port = await openProxy(t, service.port, {
    rewrite: (headers) => ({
      ...headers,
      host: 'abc-8080.app.github.dev',
      ...(headers.origin && { origin: 'http://localhost:8080' }),
    }),
  });
  const page = await open(`http://127.0.0.1:${port}/`);
  await connected(page);
  assert.equal(await page.getByRole('alert').count(), 0);
  await page.close();
});

test('behind a proxy that names the browser’s Host the page is live', async (t) => {
  const port = await openProxy(t, service.port, {
    rewrite: ({ host, ...headers }) => ({ ...headers, host: `localhost:${service.port}`, 'x-forwarded-host': host }),
  });
  const page = await open(`http://127.0.0.1:${port}/`);
  await connected(page);
  await page.close();
});

test('behind a proxy whose Host does not match, the page shows what to set', async (t) => {
  const port = await openProxy(t, service.port, {
    rewrite: (headers) => ({ ...headers, host: `127.0.0.1:${service.port}` }),
  });
  const origin = `http://127.0.0.1:${port}`;
  const page = await open(`${origin}/`);
  assert.match(await notice(page), new RegExp(`set ALLOWED_ORIGINS=${origin} in \\.env and restart the shop`));
  await page.getByRole('status').filter({ hasText: 'not connected' }).waitFor();
  await page.close();

  const allowing = await startService(testKafka(), { ALLOWED_ORIGINS: origin });
  t.after(() => allowing.end());
  const allowed = await openProxy(t, allowing.port, {
    rewrite: (headers) => ({ ...headers, host: 'localhost', ...(headers.origin && { origin }) }),
  });
  const live = await open(`http://127.0.0.1:${allowed}/`);
  await connected(live);
  await live.close();
});

test('behind a proxy that passes no WebSocket connections on, the page names the headers', async (t) => {
  const port = await openProxy(t, service.port, { rewrite: (headers) => headers, upgrades: false });
  const page = await open(`http://127.0.0.1:${port}/`);
  assert.match(await notice(page), /proxy_set_header Upgrade \$http_upgrade/);
  await page.close();
});

test('DNS rebinding gets neither the stream nor a story', async () => {
  const page = await open(`http://evil.example:${service.port}/`);
  assert.match(await notice(page), /Pages from http:\/\/evil\.example:\d+ may not read this shop/);
  const stories = await page.evaluate("fetch('/stories?search=1').then((answer) => answer.status)");
  assert.equal(stories, 403);
  await page.close();
});

test('a foreign page in the same browser gets neither the stream nor a story', async (t) => {
  const foreign = createServer((_request, response) => response.end('<!doctype html>')).listen(0, '127.0.0.1');
  t.after(() => foreign.close());
  await once(foreign, 'listening');
  const { port } = foreign.address() as AddressInfo;
  const hosts = ['localhost', '127.0.0.1', 'shop.example'];
  for (const origin of [`http://evil.example:${port}`, `http://localhost:${port}`]) {
    const page = await open(origin);
    for (const host of hosts) {
      assert.equal(await page.evaluate(tryStream(`ws://${host}:${service.port}/`)), 'refused', `${origin} ${host}`);
      assert.equal(await page.evaluate(tryStory(`http://${host}:${service.port}/stories?search=1`)), 'refused', host);
    }
    await page.close();
  }
});

const tryStream = (url: string) => `new Promise((resolve) => {
  const socket = new WebSocket('${url}');
  socket.onopen = () => resolve('open');
  socket.onerror = () => resolve('refused');
})`;

const tryStory = (url: string) => `fetch('${url}').then((answer) => answer.text(), () => 'refused')`;
