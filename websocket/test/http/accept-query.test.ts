import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type TestContext, test } from 'node:test';
import { until } from '@shop/test-support';
import { decideControl } from '../../src/commands/control.ts';
import { createQueryDoor } from '../../src/http/accept-query.ts';
import { readWebsocketSettings } from '../../src/settings.ts';
import { openDoor } from '../support/open-door.ts';

const push = { sql: 'SELECT * FROM T EMIT CHANGES LIMIT 5' };

/** A ksqlDB that answers by the given function, and counts its open queries. */
async function openQueries(t: TestContext, answer: (response: ServerResponse) => void, env = {}) {
  const ksqldb = { asked: 0, open: 0 };
  const server = createServer((_, response) => {
    ksqldb.asked += 1;
    ksqldb.open += 1;
    response.on('close', () => {
      ksqldb.open -= 1;
    });
    answer(response);
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  t.after(() => {
    server.closeAllConnections();
    server.close();
  });
  const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const settings = readWebsocketSettings(env);
  const door = createQueryDoor({
    control: decideControl(settings),
    allowedOrigins: settings.ALLOWED_ORIGINS,
    ksqldb: { endpoint, source: { endpoint: 'the test', login: 'the test' } },
  });
  return { ...(await openDoor(t, door)), ksqldb };
}

const twoRows = (response: ServerResponse) => void response.end('{"columnNames":["ID"]}\n[5]\n[6]\n');

test('a query is answered with its columns and rows', async (t) => {
  const { post } = await openQueries(t, twoRows);
  const { status, text } = await post({ body: { sql: 'SELECT ID FROM T' } });
  assert.equal(status, 200);
  assert.deepEqual(JSON.parse(text), { columns: ['ID'], rows: [[5], [6]], ended: 'complete' });
});

test('what changes something never reaches ksqlDB, nor do foreign pages or what is off', async (t) => {
  const { post, ksqldb } = await openQueries(t, twoRows);
  for (const [status, reason, posted] of [
    [400, /Expected SELECT/, { body: { sql: 'DROP TABLE CUSTOMERS' } }],
    [400, /one statement/, { body: { sql: 'SHOW TABLES; DROP TABLE CUSTOMERS' } }],
    [400, /Send \{"sql"/, { body: { sql: 5 } }],
    [400, /Send \{"sql"/, { body: { ...push, properties: {} } }],
    [413, /A query has at most 1024 bytes/, { body: { sql: 'x'.repeat(1_025) } }],
    [415, /application\/json/, { body: push, headers: { 'content-type': 'text/plain' } }],
    [403, /Only the page of this shop/, { body: push, headers: { origin: 'https://evil.example' } }],
  ] as const) {
    const answer = await post(posted);
    assert.equal(answer.status, status, answer.text);
    assert.match(answer.text, reason);
  }
  const off = await openQueries(t, twoRows, { SHOP_CONTROL: 'off' });
  assert.equal((await off.post({ body: push })).status, 403);
  const token = await openQueries(t, twoRows, { SHOP_CONTROL_TOKEN: 'a-long-enough-token' });
  assert.equal((await token.post({ body: push })).status, 401);
  assert.equal(ksqldb.asked + off.ksqldb.asked + token.ksqldb.asked, 0);
});

test('errors are in the words of ksqlDB', async (t) => {
  const { post } = await openQueries(t, (response) =>
    response.writeHead(400).end('{"error_code":40001,"message":"line 1:8: Syntax Error\\nExpected FROM"}'),
  );
  const { status, text } = await post({ body: { sql: 'SELECT' } });
  assert.deepEqual({ status, text }, { status: 400, text: 'line 1:8: Syntax Error\nExpected FROM\n' });
});

test('a query is closed when its visitor leaves, and only a few run at once', async (t) => {
  const { post, ksqldb } = await openQueries(t, (response) => void response.write('{"columnNames":["ID"]}\n[5]\n'));
  const leaving = new AbortController();
  const asked = Array.from({ length: 4 }, () => post({ body: push, signal: leaving.signal }));
  const left = Promise.allSettled(asked);
  await until('four open queries', () => ksqldb.open === 4);
  const refused = await post({ body: push });
  assert.equal(refused.status, 503);
  assert.match(refused.text, /4 queries run already/);
  leaving.abort();
  await until('no open query', () => ksqldb.open === 0);
  assert.equal((await left).length, 4);
  assert.equal(ksqldb.asked, 4);
});
