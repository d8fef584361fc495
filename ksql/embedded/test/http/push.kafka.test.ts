import assert from 'node:assert/strict';
import http from 'node:http';
import { after, before, describe, it } from 'node:test';
import { openTestKafka, type TestKafka, unique, untilPasses } from '@shop/test-support';
import { runStatements, startServer, type TestServer } from '../helpers/start-server.ts';

const topic = `t${unique()}_events`;
const stream = topic.toUpperCase();
const fromEarliest = { 'auto.offset.reset': 'earliest' };
const padding = 'x'.repeat(1_000);

describe('push queries', () => {
  let server: TestServer;
  let kafka: TestKafka;
  before(async () => {
    kafka = await openTestKafka();
    server = await startServer(`test-${unique()}`);
    await kafka.createTopic(topic, 1);
    await server.ready();
    await runStatements(
      server.url,
      `CREATE STREAM ${stream} (id VARCHAR KEY, n INT, pad VARCHAR) WITH (KAFKA_TOPIC='${topic}', VALUE_FORMAT='JSON');`,
    );
    for (let from = 0; from < 20_000; from += 1_000) {
      await kafka.send(
        topic,
        Array.from({ length: 1_000 }, (_, i) => ({ key: 'k', value: JSON.stringify({ n: from + i, pad: padding }) })),
      );
    }
  });
  after(async () => {
    await server.end('SIGTERM');
    await kafka.close();
  });

  /** Opens a push query and returns its response, unread. */
  function open(sql: string): Promise<http.IncomingMessage> {
    return new Promise((resolve, reject) => {
      const request = http.request(`${server.url}/query-stream`, { method: 'POST', agent: false }, resolve);
      request.on('error', reject);
      request.end(JSON.stringify({ sql, properties: fromEarliest }));
    });
  }

  const firstLine = (response: http.IncomingMessage): Promise<{ queryId: string }> =>
    new Promise((resolve) => {
      let text = '';
      response.setEncoding('utf8');
      response.on('data', function read(chunk: string) {
        text += chunk;
        const end = text.indexOf('\n');
        if (end === -1) return;
        response.off('data', read);
        response.pause();
        resolve(JSON.parse(text.slice(0, end)));
      });
    });

  const close = (queryId: string): Promise<Response> =>
    fetch(`${server.url}/close-query`, { method: 'POST', body: JSON.stringify({ queryId }) });

  it('sends all rows in order to a slow client', async () => {
    const response = await open(`SELECT n, pad FROM ${stream} EMIT CHANGES LIMIT 20000;`);
    let next = 0;
    let rest = '';
    for await (const chunk of response) {
      const lines = (rest + String(chunk)).split('\n');
      rest = lines.pop() ?? '';
      for (const line of lines) {
        const row = JSON.parse(line);
        if (Array.isArray(row)) assert.equal(row[0], next++);
      }
      await new Promise((resolve) => setImmediate(resolve));
    }
    assert.equal(next, 20_000);
  });

  it('stops reading Kafka for a client that does not read', async () => {
    const response = await open(`SELECT n, pad FROM ${stream} EMIT CHANGES;`);
    await firstLine(response);
    // The server stops when unread data fills the buffers between it and the client.
    let seen = -1;
    await untilPasses('a reader that receives nothing more', async () => {
      const now = response.socket.bytesRead;
      const stood = now === seen;
      seen = now;
      await new Promise((resolve) => setTimeout(resolve, 300));
      assert.ok(stood);
    });
    assert.ok(seen < 15_000_000, `${seen} bytes were sent to a client that reads nothing`);
    response.destroy();
  });

  it('ends when the client disconnects', async () => {
    const response = await open(`SELECT n FROM ${stream} EMIT CHANGES;`);
    const { queryId } = await firstLine(response);
    response.destroy();
    await untilPasses('the end of the query', async () => assert.equal((await close(queryId)).status, 400));
  });

  it('ends on /close-query', async () => {
    const response = await open(`SELECT n FROM ${stream} EMIT CHANGES;`);
    const { queryId } = await firstLine(response);
    assert.equal((await close(queryId)).status, 200);
    response.resume();
    await new Promise((resolve) => response.once('close', resolve));
  });

  it('ends when the server stops, which exits with code 0', async () => {
    const own = await startServer(`test-${unique()}`);
    await own.ready();
    await runStatements(
      own.url,
      `CREATE STREAM ${stream} (id VARCHAR KEY, n INT) WITH (KAFKA_TOPIC='${topic}', VALUE_FORMAT='JSON');`,
    );
    const answer = await fetch(`${own.url}/query-stream`, {
      method: 'POST',
      body: JSON.stringify({ sql: `SELECT n FROM ${stream} EMIT CHANGES;` }),
    });
    assert.equal(answer.status, 200);
    assert.equal(await own.end('SIGTERM'), 0);
  });
});
