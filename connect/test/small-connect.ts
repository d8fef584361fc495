import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { TestContext } from 'node:test';
import { type ConnectClient, createConnectClient } from '../src/connect-client.ts';

export interface Answer {
  status: number;
  /** A text is sent as it is, as a page. */
  body?: unknown;
}

export interface Asked {
  method: string;
  path: string;
}

/**
 * A server that keeps configurations as Kafka Connect does and lets everything run, with the answers that Connect 4.3
 * gave; ends with the test.
 *
 * @param exception another answer, chosen by what is asked
 */
export async function startSmallConnect(
  t: TestContext,
  exception: (asked: Asked) => Answer | undefined = () => undefined,
) {
  const configs = new Map<string, Record<string, string>>();
  const states = new Map<string, { connector: string; task: string }>();
  const asked: string[] = [];

  function answer({ method, path }: Asked, body: Record<string, string>): Answer {
    const [, , name = '', what = ''] = path.split('?')[0]?.split('/').map(decodeURIComponent) ?? [];
    if (method === 'PUT') {
      configs.set(name, body);
      states.set(name, { connector: 'RUNNING', task: 'RUNNING' });
      return { status: 201, body: { name, config: body, tasks: [], type: 'source' } };
    }
    const [config, state] = [configs.get(name), states.get(name)];
    if (!config || !state) return { status: 404, body: { error_code: 404, message: `Connector ${name} not found` } };
    if (what === 'offsets') return { status: 200, body: { offsets: [] } };
    if (what === 'config') return { status: 200, body: config };
    if (method === 'POST') states.set(name, { connector: 'RUNNING', task: 'RUNNING' });
    const connector = { state: state.connector, worker_id: 'w' };
    const task = { id: 0, state: state.task, worker_id: 'w', trace: 'java.lang.Exception: it broke\n\tat x' };
    return { status: method === 'POST' ? 202 : 200, body: { name, connector, tasks: [task], type: 'source' } };
  }

  const server = createServer(async (request, response) => {
    const text = (await request.toArray()).join('');
    const question = { method: request.method ?? '', path: request.url ?? '' };
    asked.push(`${question.method} ${question.path}`);
    const mediaType = request.headers['content-type'] === 'application/json';
    const wrongMedia = { status: 415, body: { error_code: 415, message: 'HTTP 415 Unsupported Media Type' } };
    const given = exception(question) ?? (mediaType ? answer(question, text ? JSON.parse(text) : {}) : wrongMedia);
    const isPage = typeof given.body === 'string';
    response.writeHead(given.status, { 'content-type': isPage ? 'text/html' : 'application/json' });
    response.end(isPage ? given.body : JSON.stringify(given.body));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.after(() => new Promise((resolve) => server.close(resolve).closeAllConnections()));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const connect: ConnectClient = createConnectClient(url, new AbortController().signal);
  return { url, connect, configs, states, asked };
}
