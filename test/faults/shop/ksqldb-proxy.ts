import { once } from 'node:events';
import http from 'node:http';
import type { AddressInfo } from 'node:net';

/** How to handle a request: forward it, never answer, reset, answer with this, or change ksqlDB's answer. */
export type KsqldbMode =
  | { kind: 'pass' }
  | { kind: 'hang' }
  | { kind: 'down' }
  | { kind: 'answer'; status: number; body: string }
  | { kind: 'change'; change(body: string): string; truncate?: boolean };

export interface KsqldbProxy {
  port: number;
  setMode(mode: KsqldbMode): void;
  /** Number of affected requests since the mode was set. */
  touched(): number;
  close(): Promise<void>;
}

/** Starts a proxy between shipping-service and ksqlDB. */
export async function startKsqldbProxy(targetPort: number): Promise<KsqldbProxy> {
  let mode: KsqldbMode = { kind: 'pass' };
  let touched = 0;
  const agent = new http.Agent({ keepAlive: true });
  const server = http.createServer((request, response) => {
    void handle(request, response).catch(() => response.destroy());
  });

  async function handle(request: http.IncomingMessage, response: http.ServerResponse): Promise<void> {
    const now = mode;
    if (now.kind !== 'pass') touched += 1;
    if (now.kind === 'down') return void request.socket.resetAndDestroy();
    const body = await readAll(request);
    if (now.kind === 'hang') return;
    if (now.kind === 'answer') {
      response.writeHead(now.status, { 'content-type': 'application/json' }).end(now.body);
      return;
    }
    const answer = await pass(request, body);
    const text = await readAll(answer);
    const changed = now.kind === 'change' && answer.statusCode === 200 ? Buffer.from(now.change(String(text))) : text;
    const { 'transfer-encoding': _, 'content-length': __, ...headers } = answer.headers;
    if (now.kind === 'change' && now.truncate) {
      // Truncate the stream: send half of it in chunks, then close the connection.
      response.writeHead(answer.statusCode ?? 502, headers);
      response.write(changed.subarray(0, Math.floor(changed.length / 2)), () => response.destroy());
      return;
    }
    response.writeHead(answer.statusCode ?? 502, { ...headers, 'content-length': changed.length }).end(changed);
  }

  async function pass(request: http.IncomingMessage, body: Buffer): Promise<http.IncomingMessage> {
    const { method, url: path, headers } = request;
    const onward = http.request({ host: '127.0.0.1', port: targetPort, method, path, headers, agent });
    onward.end(body);
    const [answer] = (await once(onward, 'response')) as [http.IncomingMessage];
    return answer;
  }

  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    setMode(next) {
      // Reset hanging connections when the fault is over.
      if (mode.kind === 'hang' || next.kind === 'down') server.closeAllConnections();
      mode = next;
      touched = 0;
    },
    touched: () => touched,
    async close() {
      server.closeAllConnections();
      agent.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}

async function readAll(stream: http.IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}
