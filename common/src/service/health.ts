import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { performance } from 'node:perf_hooks';
import { collectDefaultMetrics, Gauge, type Registry } from 'prom-client';
import { showRequestCounts } from '../kafka/request-counts.ts';
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
  collectProcessMetrics(report.registry);
  showRequestCounts(report.registry);
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

/** The longest interval that a timer takes, ms. */
const neverMs = 2 ** 31 - 1;
const sampledLags = ['min', 'max', 'mean', 'stddev', 'p50', 'p90', 'p99'];

/**
 * prom-client's default metrics, without those that sample the event loop: sampling wakes an idle process a hundred times
 * a second. The share of time in which the event loop was busy takes their place.
 */
function collectProcessMetrics(registry: Registry): void {
  collectDefaultMetrics({ register: registry, eventLoopMonitoringPrecision: neverMs });
  for (const name of sampledLags) registry.removeSingleMetric(`nodejs_eventloop_lag_${name}_seconds`);
  let last = performance.eventLoopUtilization();
  new Gauge({
    name: 'nodejs_eventloop_utilization',
    help: 'Share of time, from 0 to 1, in which the event loop was busy since the last scrape.',
    registers: [registry],
    collect() {
      const now = performance.eventLoopUtilization();
      this.set(performance.eventLoopUtilization(now, last).utilization);
      last = now;
    },
  });
}
