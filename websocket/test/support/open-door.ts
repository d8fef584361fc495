import { once } from 'node:events';
import { createServer, request as httpRequest, type IncomingMessage } from 'node:http';
import { text } from 'node:stream/consumers';
import type { TestContext } from 'node:test';
import type { PostDoor } from '../../src/http/post-door.ts';

export interface Posted {
  body?: unknown;
  /** `undefined` leaves a header of the page out. */
  headers?: Record<string, string | undefined>;
  /** Aborts when the visitor leaves. */
  signal?: AbortSignal;
}

/** Serves a door on a free port until the test ends. */
export async function openDoor(t: TestContext, accept: PostDoor) {
  const server = createServer((request, response) => void accept(request, response));
  t.after(() => server.close());
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const { port } = server.address() as { port: number };
  const origin = `http://localhost:${port}`;

  /** Posts as the page does, or with other headers. */
  async function post({ body, headers = {}, signal }: Posted) {
    const page = { host: `localhost:${port}`, origin, 'content-type': 'application/json' };
    const given = Object.entries({ ...page, ...headers }).filter(([, value]) => value !== undefined);
    const request = httpRequest({
      host: '127.0.0.1',
      port,
      method: 'POST',
      headers: Object.fromEntries(given),
      ...(signal && { signal }),
    });
    request.on('error', () => undefined);
    request.end(typeof body === 'string' ? body : JSON.stringify(body));
    const [response] = (await once(request, 'response')) as [IncomingMessage];
    return { status: response.statusCode, text: await text(response) };
  }
  return { post, port };
}
