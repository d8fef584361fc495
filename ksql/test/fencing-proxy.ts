import { once } from 'node:events';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import type { TestContext } from 'node:test';
import type { Admin } from 'kafkajs';

export interface FencingProxy {
  endpoint: string;
  /** CREATE and DROP requests that ksqlDB had at the same time, at most. */
  mostAtOnce(): number;
  /** How many requests were answered 500/50000. */
  fenced(): number;
  /** How many requests were kept until their client gave up. */
  givenUp(): number;
}

export interface FencingPlan {
  /** The port of the ksqlDB behind it. */
  port: number;
  admin: Admin;
  /** Holds a CREATE until its client has timed out and asked for its outcome this many times. */
  looksBeforeWork?: number;
  /** Another client's request fences this CREATE, once. */
  fences?: RegExp;
}

const executing = JSON.stringify({ status: 'EXECUTING', message: 'Executing statement', queryId: null });
const fencedAnswer = JSON.stringify({
  '@type': 'statement_error',
  error_code: 50000,
  message: 'Could not write the statement into the command topic.',
  statementText: '…',
  entities: [],
});

/**
 * Makes ksqlDB slow, and makes it do what a real one does when two requests create at once: one is answered 500/50000, and
 * the sink topic that it had created is deleted, while the other one's query continues without it.
 */
export async function startFencingProxy(t: TestContext, plan: FencingPlan): Promise<FencingProxy> {
  const { port, admin, looksBeforeWork = 0 } = plan;
  const working = new Set<string>();
  const looks = new Map<string, number>();
  let [mostAtOnce, fenced, givenUp] = [0, 0, 0];
  let fences = plan.fences;
  const server = http.createServer((request, response) => {
    void handle(request, response).catch(() => response.destroy());
  });

  async function handle(request: http.IncomingMessage, response: http.ServerResponse): Promise<void> {
    const body = (await request.toArray()).join('');
    const command = /^(?:CREATE|DROP)\b/i.exec(readKsql(body)) ? body : undefined;
    const path = decodeURIComponent(request.url ?? '');
    if (command === undefined) {
      const name = /^\/status\/\w+\/`(\w+)`\/create$/.exec(path)?.[1];
      if (name !== undefined && [...working].some((one) => sinkOf(one) === name)) {
        looks.set(name, (looks.get(name) ?? 0) + 1);
        return void response.writeHead(200, { 'content-type': 'application/json' }).end(executing);
      }
      return pass(request, body, response);
    }
    const isFencing = working.size > 0;
    working.add(command);
    mostAtOnce = Math.max(mostAtOnce, working.size);
    try {
      await work(request, command, response, isFencing);
    } finally {
      working.delete(command);
    }
  }

  async function work(
    request: http.IncomingMessage,
    command: string,
    response: http.ServerResponse,
    isFencing: boolean,
  ): Promise<void> {
    const ksql = readKsql(command);
    const isCreation = /\bAS\s+SELECT\b/i.test(ksql);
    if (isCreation && looksBeforeWork > 0) {
      await once(response, 'close');
      givenUp += 1;
      while ((looks.get(sinkOf(command)) ?? 0) < looksBeforeWork) await once(server, 'request');
    }
    const isFenced = isFencing || fences?.test(ksql);
    if (!isFenced) return pass(request, command, response);
    fences = undefined;
    fenced += 1;
    await pass(request, command);
    await admin.deleteTopics({ topics: [sinkOf(command)] });
    response.writeHead(500, { 'content-type': 'application/json' }).end(fencedAnswer);
  }

  async function pass(request: http.IncomingMessage, body: string, response?: http.ServerResponse): Promise<void> {
    const { method = 'GET', url: path = '/', headers } = request;
    const onward = http.request({ host: '127.0.0.1', port, method, path, headers });
    onward.end(body);
    const [answer] = (await once(onward, 'response')) as [http.IncomingMessage];
    const text = Buffer.concat(await answer.toArray());
    response?.writeHead(answer.statusCode ?? 502, { 'content-type': 'application/json' }).end(text);
  }

  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.after(async () => {
    server.closeAllConnections();
    server.close();
    await once(server, 'close');
  });
  return {
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    mostAtOnce: () => mostAtOnce,
    fenced: () => fenced,
    givenUp: () => givenUp,
  };
}

const readKsql = (body: string): string => {
  const ksql = body.startsWith('{') ? JSON.parse(body).ksql : undefined;
  return typeof ksql === 'string' ? ksql : '';
};

/** The name of the stream or table, which is the name of its sink topic too. */
const sinkOf = (body: string): string =>
  (/^(?:CREATE|DROP)\s+\w+\s+(?:IF\s+(?:NOT\s+)?EXISTS\s+)?`?(\w+)/i.exec(readKsql(body))?.[1] ?? '').toUpperCase();
