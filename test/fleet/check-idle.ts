import assert from 'node:assert/strict';
import type { TestContext } from 'node:test';
import { listGroup } from '@shop/local';
import { until } from '@shop/test-support';
import type { Shop } from './open-shop.ts';
import { type RunningFleet, readPid } from './start-fleet.ts';

/**
 * Maximum requests to Kafka per second, at five orders per second. Each is about twice the measured value and far below
 * one fetch per message. A slow machine sends fewer.
 */
const mostPerSecond: Record<string, number> = {
  ksqldb: 60,
  connector: 8,
  ksql: 8,
  updater: 6,
  'order-service': 15,
  'shipping-service': 75,
  'refill-inventory': 6,
  websocket: 20,
  audit: 30,
};

/** Checks the cost of an idle shop by counting processes and requests to Kafka. Times would depend on the machine. */
export async function checkIdle(t: TestContext, fleet: RunningFleet, shop: Shop): Promise<void> {
  await t.test('each service is one process', () => {
    for (const service of fleet.healthPorts.keys())
      assert.equal(listGroup(readPid(fleet.data, service)).length, 1, service);
  });

  await t.test('each service has a limit of requests', () => {
    const withoutLimit = [...fleet.healthPorts.keys()].filter((service) => mostPerSecond[service] === undefined);
    assert.deepEqual(withoutLimit, [], 'mostPerSecond in test/fleet/check-idle.ts has no limit for these services');
  });

  await t.test('no service sends needless requests to Kafka', async () => {
    const before = await countAll(fleet);
    const began = performance.now();
    await ordersCome(shop, 100);
    const after = await countAll(fleet);
    const seconds = (performance.now() - began) / 1_000;
    for (const [service, most] of Object.entries(mostPerSecond)) {
      const perSecond = ((after[service] ?? 0) - (before[service] ?? 0)) / seconds;
      assert.ok(perSecond <= most, `${service}: ${perSecond.toFixed(1)} requests a second, expected at most ${most}`);
    }
  });
}

const countAll = async ({ healthPorts }: RunningFleet): Promise<Record<string, number>> =>
  Object.fromEntries(
    await Promise.all([...healthPorts].map(async ([service, port]) => [service, await countRequests(port)])),
  );

async function countRequests(healthPort: number): Promise<number> {
  const text = await (await fetch(`http://127.0.0.1:${healthPort}/metrics`)).text();
  const counts = [...text.matchAll(/^shop_kafka_requests_total\{.*\} (\d+)$/gm)].map(([, count]) => Number(count));
  assert.ok(counts.length > 0, `port ${healthPort} shows no requests`);
  return counts.reduce((sum, count) => sum + count, 0);
}

async function ordersCome(shop: Shop, count: number): Promise<void> {
  const end = shop.messages('customer_orders').length + count;
  await until(`${count} more orders`, () => shop.messages('customer_orders').length >= end);
}
