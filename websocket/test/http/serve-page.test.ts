import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { type TestContext, test } from 'node:test';
import { createAnswer } from '../../src/http/answer.ts';
import { createPageHandler } from '../../src/http/serve-page.ts';

async function servePage(t: TestContext) {
  const folder = await mkdtemp(path.join(tmpdir(), 'page-'));
  t.after(() => rm(folder, { recursive: true }));
  const found: string[] = [];
  const findStory = (search: string) => {
    found.push(search);
    return { search };
  };
  const server = createServer(createAnswer({ page: createPageHandler(folder), findStory }));
  t.after(() => server.close());
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const { port } = server.address() as { port: number };
  const ask = (url: string, init?: RequestInit) => fetch(`http://127.0.0.1:${port}${url}`, init);
  return { folder, ask, found };
}

test('without a built page one sentence says what to do, and the page comes as soon as it is built', async (t) => {
  const { folder, ask } = await servePage(t);
  const before = await ask('/');
  assert.equal(before.status, 503);
  assert.match(await before.text(), /^The page is not built yet: run "npm run build -w @shop\/websocket-page"/);
  await writeFile(path.join(folder, 'index.html'), '<!doctype html>');
  const after = await ask('/');
  assert.deepEqual([after.status, await after.text()], [200, '<!doctype html>']);
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

test('built assets are kept by browsers, the page itself is asked for anew', async (t) => {
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
