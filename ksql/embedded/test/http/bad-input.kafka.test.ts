import assert from 'node:assert/strict';
import { connect } from 'node:net';
import { after, before, describe, it } from 'node:test';
import { unique } from '@shop/test-support';
import { startServer, type TestServer } from '../helpers/start-server.ts';

describe('bad input', () => {
  let server: TestServer;
  before(async () => {
    server = await startServer(`test-${unique()}`);
    await server.ready();
  });
  after(() => server.end('SIGTERM'));

  const post = (path: string, body: string | Uint8Array): Promise<Response> =>
    fetch(server.url + path, { method: 'POST', body });
  /** Checks an error and that the server still answers. @returns the error's code */
  async function refused(answer: Promise<Response>, status: number): Promise<number> {
    const response = await answer;
    assert.equal(response.status, status);
    const { error_code: code, message } = JSON.parse(await response.text());
    assert.ok(String(message).length > 0);
    assert.equal((await fetch(`${server.url}/info`)).status, 200);
    return code;
  }

  for (const path of ['/ksql', '/query', '/query-stream']) {
    it(`${path}: invalid JSON`, async () => assert.equal(await refused(post(path, '{bad'), 400), 40000));
    it(`${path}: JSON of another shape`, async () => assert.equal(await refused(post(path, '[1]'), 400), 40000));
    it(`${path}: no body`, async () => assert.equal(await refused(post(path, ''), 500), 50000));
    it(`${path}: bytes that are not UTF-8`, async () =>
      assert.equal(await refused(post(path, new Uint8Array([0xff, 0xfe, 0])), 400), 40000));
    it(`${path}: 10 MB`, async () =>
      assert.equal(await refused(post(path, JSON.stringify({ ksql: 'x'.repeat(10_000_000) })), 413), 41300));
    it(`${path}: the wrong method`, async () =>
      assert.equal((await fetch(server.url + path, { method: 'DELETE' })).status, 405));
  }
  it('parentheses without end', async () => {
    const sql = `SELECT ${'('.repeat(50_000)}1${')'.repeat(50_000)} FROM t;`;
    await refused(post('/query-stream', JSON.stringify({ sql })), 400);
  });
  it('a text where an object is expected', async () => {
    assert.equal(
      await refused(post('/ksql', JSON.stringify({ ksql: 'LIST STREAMS;', streamsProperties: 'x' })), 400),
      40000,
    );
  });
  it('more replicas than Kafka has brokers', async () => {
    const ksql =
      "CREATE STREAM replicas (a INT) WITH (KAFKA_TOPIC='replicas', PARTITIONS=1, REPLICAS=99, VALUE_FORMAT='JSON');";
    assert.equal(await refused(post('/ksql', JSON.stringify({ ksql })), 500), 50000);
  });
  it('an unknown path', async () => assert.equal((await post('/nope', '{}')).status, 404));
  it('half a request, then a closed connection', async () => {
    const { port } = new URL(server.url);
    const socket = connect(Number(port), '127.0.0.1');
    await new Promise((resolve) => socket.once('connect', resolve));
    socket.write('POST /ksql HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\n{"ks');
    socket.destroy();
    assert.equal((await fetch(`${server.url}/info`)).status, 200);
  });
  it('something that is not HTTP', async () => {
    const { port } = new URL(server.url);
    const socket = connect(Number(port), '127.0.0.1');
    const answer = new Promise<string>((resolve) => socket.once('data', (bytes) => resolve(String(bytes))));
    socket.write('\u0016\u0003\u0001 hello\r\n\r\n');
    assert.match(await answer, /400 Bad Request/);
    socket.destroy();
    assert.equal((await fetch(`${server.url}/info`)).status, 200);
  });
});
