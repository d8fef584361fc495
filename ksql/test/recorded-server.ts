import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { TestContext } from 'node:test';
import { createKsqldbClient, type KsqldbClient } from '@shop/common';

export interface Answer {
  status?: number;
  body: unknown;
}

export interface Asked {
  path: string;
  ksql: string;
  properties: Record<string, string>;
}

/**
 * A server that gives answers which a real ksqlDB gave (see each test), and a client of it; ends with the test.
 *
 * @param answer chosen by what is asked; `no answer` leaves the client waiting
 */
export async function startRecordedServer(
  t: TestContext,
  answer: (asked: Asked) => Answer | 'no answer',
): Promise<{ ksqldb: KsqldbClient; endpoint: string; asked: Asked[] }> {
  const asked: Asked[] = [];
  const server = createServer(async (request, response) => {
    const text = (await request.toArray()).join('');
    const body = text ? JSON.parse(text) : {};
    const question = {
      path: decodeURIComponent(request.url ?? ''),
      ksql: body.ksql ?? body.sql ?? '',
      properties: body.streamsProperties ?? {},
    };
    asked.push(question);
    const given = answer(question);
    if (given === 'no answer') return;
    const { status = 200 } = given;
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(given.body));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const ksqldb = createKsqldbClient({ endpoint, source: { endpoint: 'test', login: 'test' } }, { timeoutMs: 5_000 });
  t.after(async () => {
    ksqldb.close();
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });
  return { ksqldb, endpoint, asked };
}
