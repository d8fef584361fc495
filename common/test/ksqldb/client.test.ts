import assert from 'node:assert/strict';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type TestContext, test } from 'node:test';
import { createKsqldbClient } from '../../src/ksqldb/client.ts';
import { KsqldbError } from '../../src/ksqldb/ksqldb-error.ts';
import { loseKsqldb } from '../../src/ksqldb/lost-ksqldb.ts';

/** A server that answers every request the same way, for what a healthy ksqlDB cannot be made to answer. */
async function clientOf(
  t: TestContext,
  answer: (request: IncomingMessage, response: ServerResponse) => void,
  timeoutMs = 2_000,
) {
  const server = createServer(answer);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const client = createKsqldbClient(
    { endpoint, auth: { username: 'k', password: 'geheim' }, source: { endpoint: 'e', login: 'l' } },
    { timeoutMs },
  );
  t.after(() => {
    client.close();
    server.closeAllConnections();
    server.close();
  });
  return { client, endpoint };
}

const rejection = (canRetry: boolean, message: RegExp, status?: number) => (error: unknown) => {
  assert.ok(error instanceof KsqldbError);
  assert.equal(error.canRetry, canRetry);
  assert.match(error.message, message);
  assert.equal(error.status, status);
  assert.doesNotMatch(JSON.stringify(error) + error.stack, /geheim|Z2Vo/);
  return true;
};

test('reads rows, and sends the login', async (t) => {
  let login: string | undefined;
  const { client } = await clientOf(t, (request, response) => {
    login = request.headers.authorization;
    response.end('[{"queryId":"q","columnNames":["ID"],"columnTypes":["BIGINT"]},\n[5],\n[6]]');
  });
  assert.deepEqual(await client.pull('SELECT id FROM t;'), { columnNames: ['ID'], rows: [[5], [6]] });
  assert.equal(login, `Basic ${Buffer.from('k:geheim').toString('base64')}`);
});

const answers: [what: string, status: number, body: string, canRetry: boolean, message: RegExp][] = [
  [
    'a server that starts',
    503,
    '{"@type":"generic_error","error_code":50302,"message":"KSQL is not yet ready"}',
    true,
    /503\/50302/,
  ],
  ['too many requests', 429, '{"error_code":42900,"message":"slow down"}', true, /429\/42900/],
  ['a proxy without JSON', 502, '<html>', true, /502: <html>/],
  ['a table made a moment ago', 400, '{"error_code":40001,"message":"T is not available yet"}', true, /40001/],
  [
    'a statement that is wrong',
    400,
    '{"error_code":40001,"message":"line 1:1: mismatched input"}',
    false,
    /mismatched input/,
  ],
  ['a refused login', 401, '{"error_code":40100,"message":"Unauthorized"}', false, /refused the login.*fix l/],
];

for (const [what, status, body, canRetry, message] of answers)
  test(`tells ${what} (${status}) from the rest`, async (t) => {
    const { client } = await clientOf(t, (_request, response) => response.writeHead(status).end(body));
    await assert.rejects(client.pull('SELECT 1;'), rejection(canRetry, message, status));
  });

test('an answer that was cut off is an error, not fewer rows', async (t) => {
  const { client } = await clientOf(t, (_request, response) => response.end('[{"columnNames":["ID"]},\n[5],\n'));
  await assert.rejects(client.pull('SELECT 1;'), rejection(true, /cut off/));
});

test('a connection that breaks in the middle of the rows can be retried', async (t) => {
  const { client } = await clientOf(t, (_request, response) => {
    response.write('[{"columnNames":["ID"]},\n[5],\n', () => response.destroy());
  });
  await assert.rejects(client.pull('SELECT 1;'), rejection(true, /no answer from/));
});

test('an error among the rows is an error', async (t) => {
  const { client } = await clientOf(t, (_request, response) =>
    response.end('[{"columnNames":["ID"]},[5],{"error_code":50000,"message":"gone"}]'),
  );
  await assert.rejects(client.pull('SELECT 1;'), rejection(true, /gone/));
});

test('a request times out when the server sends a head and then nothing', async (t) => {
  const { client } = await clientOf(t, (_request, response) => void response.write('[{"columnNames":["ID"]},'), 300);
  await assert.rejects(client.pull('SELECT 1;'), rejection(true, /no answer from/));
});

test('a request to a server that does not listen can be retried', async () => {
  const client = createKsqldbClient(
    { endpoint: 'http://127.0.0.1:1', source: { endpoint: 'config/ksqldb.config: KSQLDB_ENDPOINT', login: 'l' } },
    { timeoutMs: 500 },
  );
  await assert.rejects(
    client.pull('SELECT 1;'),
    rejection(true, /127\.0\.0\.1:1 \(config\/ksqldb\.config: KSQLDB_ENDPOINT\): .*ECONNREFUSED/),
  );
});

test('while a command keeps the service away from ksqlDB, no request is sent', async (t) => {
  let requests = 0;
  const { client } = await clientOf(t, (_request, response) => {
    requests += 1;
    response.end('[{"columnNames":["ID"]}]');
  });
  loseKsqldb(3_600);
  t.after(() => loseKsqldb(0));
  await assert.rejects(client.pull('SELECT id FROM t;'), rejection(true, /a command keeps this service away/));
  assert.equal(requests, 0);
  loseKsqldb(0);
  assert.deepEqual((await client.pull('SELECT id FROM t;')).rows, []);
});
