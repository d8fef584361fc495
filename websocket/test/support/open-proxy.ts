import { once } from 'node:events';
import { createServer, request as httpRequest, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { TestContext } from 'node:test';

type Headers = IncomingMessage['headers'];

/** A reverse proxy on a free port that may change headers. @param upgrades whether it passes WebSocket connections on */
export async function openProxy(
  t: TestContext,
  targetPort: number,
  { rewrite, upgrades = true }: { rewrite: (headers: Headers) => Headers; upgrades?: boolean },
): Promise<number> {
  const forward = ({ method, url, headers }: IncomingMessage, changed: Headers = rewrite(headers)) =>
    httpRequest({ host: '127.0.0.1', port: targetPort, method, path: url, headers: changed, setHost: false });
  const server = createServer((request, response) => {
    const { upgrade: _upgrade, ...headers } = rewrite(request.headers);
    const passed = forward(request, { ...headers, connection: 'close' });
    passed.on('response', (answer) => answer.pipe(response.writeHead(answer.statusCode ?? 502, answer.headers)));
    passed.on('error', () => response.destroy());
    request.pipe(passed);
  });
  if (upgrades)
    server.on('upgrade', (request, socket) => {
      socket.on('error', () => socket.destroy());
      const passed = forward(request);
      passed.on('upgrade', (answer, upstream) => {
        const lines = Object.entries(answer.headers).map(([name, value]) => `${name}: ${value}`);
        socket.write(`HTTP/1.1 101 Switching Protocols\r\n${lines.join('\r\n')}\r\n\r\n`);
        upstream.on('error', () => socket.destroy());
        upstream.pipe(socket).pipe(upstream);
      });
      passed.on('response', (answer) => socket.end(`HTTP/1.1 ${answer.statusCode} Refused\r\n\r\n`));
      passed.on('error', () => socket.destroy());
      passed.end();
    });
  t.after(() => {
    server.close();
    server.closeAllConnections();
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  return (server.address() as AddressInfo).port;
}
