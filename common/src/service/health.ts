import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { collectDefaultMetrics } from 'prom-client';
import type { Report } from './report.ts';

export interface HealthServer {
  port: number;
  close(): Promise<void>;
}

/**
 * Serves `/health` (200 when ready, 503 with what is waited for until then) and `/metrics` (Prometheus text) on loopback.
 *
 * @param port 0 takes a free one
 */
export async function startHealthServer(port: number, report: Report): Promise<HealthServer> {
  collectDefaultMetrics({ register: report.registry });
  const server = createServer(async (request, response) => {
    const path = request.url?.split('?')[0];
    if (path === '/metrics') {
      const text = await report.registry.metrics();
      response.writeHead(200, { 'content-type': report.registry.contentType }).end(text);
    } else if (path === '/health') {
      const snapshot = report.snapshot();
      const status = snapshot.state === 'ready' ? 200 : 503;
      response.writeHead(status, { 'content-type': 'application/json' }).end(`${JSON.stringify(snapshot)}\n`);
    } else {
      response.writeHead(404, { 'content-type': 'text/plain' }).end('There is /health and /metrics.\n');
    }
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject).listen(port, '127.0.0.1', resolve);
  });
  return {
    port: (server.address() as AddressInfo).port,
    close: () =>
      new Promise((resolve, reject) => {
        server.close((error) => (error ? reject(error) : resolve()));
        server.closeAllConnections();
      }),
  };
}
