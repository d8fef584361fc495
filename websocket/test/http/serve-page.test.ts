import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mkdir, writeFile } from 'node:fs/promises';
import { createServer, request as httpRequest, type IncomingMessage } from 'node:http';
import path from 'node:path';
import { text } from 'node:stream/consumers';
import { type TestContext, test } from 'node:test';
import { makeTestFolder } from '@shop/test-support';
import { createAnswer } from '../../src/http/answer.ts';
import { refuseOrigin, refuseReader } from '../../src/http/page-origin.ts';
import { createPageHandler } from '../../src/http/serve-page.ts';

async function servePage(t: TestContext) {
  const folder = makeTestFolder(t);
  const found: string[] = [];
  const errors: unknown[] = [];
  const findStory = (search: string) => {
    if (search === 'fail') throw new RangeError('Maximum call stack size exceeded');
    found.push(search);
    return { search };
  };
  const answer = createAnswer({
    page: createPageHandler(folder),
    socketPaths: ['/page'],
    findStory,
    onError: (error) => errors.push(error),
    refusal: (request) => refuseOrigin(request, []),
    readerRefusal: (request) => refuseReader(request, []),
    doors: {},
  });
  const server = createServer(answer);
  t.after(() => server.close());
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const { port } = server.address() as { port: number };
  const ask = (url: string, init?: RequestInit) => fetch(`http://127.0.0.1:${port}${url}`, init);
  return { folder, ask, found, errors, port };
}

test('without a built page one sentence explains what to do, and the page is served once it is built', async (t) => {
  const { folder, ask } = await servePage(t);
  const before = await ask('/');
  assert.equal(before.status, 503);
  assert.match(await before.text(), /^The page is not built yet: run "npm run build -w @shop\/websocket-page"/);
  await writeFile(path.join(folder, 'index.html'), '<!doctype html>');
  const after = await ask('/');
  assert.deepEqual([after.status, await after.text()], [200, '<!doctype html>']);
});

test('the addresses of tabs, customers and orders show the page', async (t) => {
  const { folder, ask } = await servePage(t);
  await writeFile(path.join(folder, 'index.html'), 'page');
  for (const url of [
    '/play',
    '/learn?step=2',
    '/query',
    '/customers/42',
    '/orders/01a2045a-eff3-72c5-937d-94735adb1bd3',
  ])
    assert.equal(await (await ask(url)).text(), 'page', url);
  for (const url of ['/customers', '/customers/', '/orders/1/2', '/plays', '/play/1'])
    assert.equal((await ask(url)).status, 404, url);
});

test('every answer forbids foreign and inline code', async (t) => {
  const { folder, ask } = await servePage(t);
  await writeFile(path.join(folder, 'index.html'), 'page');
  for (const url of ['/', '/nothing', '/stories?search=1', '/stories']) {
    const policy = (await ask(url)).headers.get('content-security-policy') ?? '';
    assert.match(policy, /default-src 'none'/, url);
    assert.doesNotMatch(policy, /unsafe|\*|https?:/, url);
  }
});

test('browsers cache built assets, and request the page itself again', async (t) => {
  const { folder, ask } = await servePage(t);
  await mkdir(path.join(folder, 'assets'));
  await writeFile(path.join(folder, 'index.html'), 'page');
  await writeFile(path.join(folder, 'assets', 'a-123.js'), '1');
  await writeFile(path.join(folder, '.built-from'), 'secret');
  assert.equal((await ask('/')).headers.get('cache-control'), 'no-cache');
  assert.match((await ask('/assets/a-123.js')).headers.get('cache-control') ?? '', /immutable/);
  for (const url of ['/.built-from', '/assets/', '/assets', '/..%2fpackage.json', '//x'])
    assert.equal((await ask(url)).status, 404, url);
});

test('only GET and HEAD, and a search that is one', async (t) => {
  const { ask, found } = await servePage(t);
  assert.equal((await ask('/', { method: 'POST' })).status, 405);
  assert.equal((await ask('/stories')).status, 400);
  assert.equal((await ask(`/stories?search=${'x'.repeat(201)}`)).status, 400);
  assert.deepEqual(await (await ask('/stories?search=%3Cb%3E')).json(), { search: '<b>' });
  assert.deepEqual(found, ['<b>']);
});

/** Sends a request with any Host, which fetch does not allow. */
async function askAs(port: number, method: string, url: string, headers: Record<string, string>) {
  const request = httpRequest({ host: '127.0.0.1', port, method, path: url, headers });
  request.end();
  const [response] = (await once(request, 'response')) as [IncomingMessage];
  return { status: response.statusCode, body: await text(response) };
}

test('stories are refused to a rebound name, and given to the page behind a tunnel', async (t) => {
  const { port, found } = await servePage(t);
  const rebound = await askAs(port, 'GET', '/stories?search=1', { host: 'evil.example:8080' });
  assert.equal(rebound.status, 403);
  assert.match(rebound.body, /ALLOWED_ORIGINS=http:\/\/evil\.example:8080 in \.env/);
  assert.deepEqual(found, []);
  const headers = { host: 'abc-8080.app.github.dev', 'sec-fetch-site': 'same-origin' };
  assert.equal((await askAs(port, 'GET', '/stories?search=1', headers)).status, 200);
});

test('the connection check returns the result that a handshake with the same headers has', async (t) => {
  const { port } = await servePage(t);
  const check = async (headers: Record<string, string>) =>
    JSON.parse((await askAs(port, 'POST', '/connection-check', headers)).body);
  assert.deepEqual(await check({ host: 'localhost:8080', origin: 'http://localhost:8080' }), { refused: null });
  const { refused } = await check({ host: 'localhost:8080', origin: 'https://shop.example' });
  assert.equal(refused.status, 403);
  assert.equal(
    refused.reason,
    'Pages from https://shop.example may not read this shop (Host: localhost:8080). ' +
      'To allow them, set ALLOWED_ORIGINS=https://shop.example in .env and restart the shop.',
  );
});

test('a handshake whose upgrade a proxy has dropped is explained', async (t) => {
  const { ask } = await servePage(t);
  const answer = await ask('/page');
  assert.equal(answer.status, 426);
  assert.match(await answer.text(), /must pass on the headers Upgrade and Connection/);
});

test('an error while a request is answered is reported, and the next request is answered', async (t) => {
  const { ask, errors } = await servePage(t);
  assert.equal((await ask('/stories?search=fail')).status, 500);
  assert.equal(errors.length, 1);
  assert.equal((await ask('/stories?search=1')).status, 200);
});
