import assert from 'node:assert/strict';
import { test } from 'node:test';
import { findFreePort, nameTopics, runServiceProcess, until } from '@shop/test-support';
import type { ReportSnapshot } from '../src/index.ts';

const encode = (quantity: number) =>
  JSON.stringify({
    order_id: `o-${quantity}`,
    customer: { id: 1, first_name: 'Ada', last_name: 'Meier' },
    order: { id: 2, product: 'phone', quantity },
    ordered_at: '2026-11-27T08:00:00.000Z',
  });

test('the example counts big orders, skips what is no order, and stops at SIGTERM', async (t) => {
  const { kafka, env } = nameTopics(t, 'ORDERS_TOPIC');
  const port = await findFreePort();
  const example = new URL('../example/big-orders.ts', import.meta.url);
  const service = runServiceProcess(t, example, { ...env, HEALTH_PORT: String(port), BIG_ORDER: '5' });
  await service.said('ready');

  const producer = kafka.producer();
  await producer.connect();
  const values = [encode(1), encode(5), encode(9), 'no order'];
  await producer.send({ topic: env['ORDERS_TOPIC'] ?? '', messages: values.map((value) => ({ value })) });
  await producer.disconnect();

  let counters: ReportSnapshot['counters'] = {};
  await until('counted orders', async () => {
    const answer = await fetch(`http://127.0.0.1:${port}/health`);
    ({ counters } = (await answer.json()) as ReportSnapshot);
    return (counters['big_orders'] ?? 0) >= 2 && (counters['unreadable_orders'] ?? 0) >= 1;
  });
  assert.deepEqual([counters['big_orders'], counters['unreadable_orders']], [2, 1]);
  assert.equal(await service.end(), 0);
});
