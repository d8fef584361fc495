import assert from 'node:assert/strict';
import perfHooks from 'node:perf_hooks';
import { test } from 'node:test';
import { startHealthServer } from '../../src/service/health.ts';
import { createReport } from '../../src/service/report.ts';

test('health follows the state, metrics the counters', async (t) => {
  const report = createReport();
  const count = report.counter('orders_read', 'Orders read');
  const health = await startHealthServer(0, report);
  t.after(() => health.close());
  const get = (path: string) => fetch(`http://127.0.0.1:${health.port}${path}`);

  assert.equal((await get('/health')).status, 503);
  report.setState('ready');
  assert.equal((await get('/health')).status, 200);
  const over = report.waitFor('ksqlDB');
  const waiting = await get('/health');
  assert.equal(waiting.status, 503);
  assert.deepEqual(((await waiting.json()) as { waiting_for: string[] }).waiting_for, ['ksqlDB']);
  over();
  over();
  assert.equal((await get('/health')).status, 200);

  count(3);
  assert.match(await (await get('/metrics')).text(), /^shop_orders_read_total 3$/m);
  assert.equal(report.snapshot().counters['orders_read'], 3);
  assert.equal((await get('/other')).status, 404);
});

test('metrics show how busy the event loop is, without waking the process to sample it', async (t) => {
  const sampling = t.mock.method(perfHooks, 'monitorEventLoopDelay');
  const health = await startHealthServer(0, createReport());
  t.after(() => health.close());
  const hourMs = 3_600_000;
  for (const { arguments: given } of sampling.mock.calls)
    assert.ok((given[0]?.resolution ?? 0) > hourMs, `sampled every ${given[0]?.resolution} ms`);
  const text = await (await fetch(`http://127.0.0.1:${health.port}/metrics`)).text();
  assert.match(text, /^nodejs_eventloop_utilization [01]/m);
  assert.doesNotMatch(text, /eventloop_lag_p99/);
});
