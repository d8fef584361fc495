import assert from 'node:assert/strict';
import test from 'node:test';
import type { Admin } from 'kafkajs';
import { createLagCheck } from '../../src/consumers/check-lag.ts';
import { orderRecord, topicNames, waitingRecord } from '../support/records.ts';

const stuckMs = 1_000;
const definition = (topic: string) => ({ topic, partitions: 1, config: {} });

/** Opens the check with two orders, one of which was written to orders_waiting. */
function openCheck(committed: Record<string, number> = {}) {
  const state = { reached: 0 };
  const fetchOffsets = async ({ groupId }: { groupId: string }) =>
    groupId in committed
      ? [topicNames.orders, topicNames.waiting].map((topic) => ({
          topic,
          partitions: [{ partition: 0, offset: String(committed[groupId]) }],
        }))
      : [];
  const check = createLagCheck({
    admin: { fetchOffsets, listGroups: async () => ({ groups: [] }) } as unknown as Admin,
    follower: { starts: () => new Map() },
    topics: { orders: definition(topicNames.orders), ordersWaiting: definition(topicNames.waiting) },
    shippingGroup: 'shipping-service',
    reached: () => state.reached,
    stuckMs,
  });
  check.onRecord?.(orderRecord({ offset: 0, orderId: 'a' }));
  check.onRecord?.(orderRecord({ offset: 1, orderId: 'b' }));
  check.onRecord?.(waitingRecord({ offset: 0 }, { partition: 0, offset: 0 }));
  /** @returns what is stuck */
  async function lookAt(observedMs: number): Promise<(string | undefined)[]> {
    const round = { now: 0, observedMs, quiet: false, idleMs: 0 };
    await check.round?.(round);
    return check.statuses(round).P7?.found[0]?.first.map(({ topic }) => topic) ?? [];
  }
  return { state, lookAt };
}

test('the outcomes show the progress of a service with another consumer group', async () => {
  const { state, lookAt } = openCheck();
  assert.deepEqual(await lookAt(0), []);
  state.reached = 1;
  assert.deepEqual(await lookAt(stuckMs), []);
  assert.deepEqual(await lookAt(2 * stuckMs), [topicNames.orders], 'one order has no outcome');
  state.reached = 2;
  assert.deepEqual(await lookAt(3 * stuckMs), []);
});

test('no service at all is stuck', async () => {
  const { lookAt } = openCheck();
  await lookAt(0);
  assert.deepEqual(await lookAt(stuckMs), [topicNames.orders]);
});

test('shipping-service has to read orders_waiting, too', async () => {
  const { lookAt } = openCheck({ 'shipping-service': 2 });
  await lookAt(0);
  assert.deepEqual(await lookAt(stuckMs), [topicNames.waiting]);
});

test('a service that takes over from shipping-service is judged by its outcomes', async () => {
  const { state, lookAt } = openCheck({ 'shipping-service': 1, 'shipping-service-waiting': 1 });
  await lookAt(0);
  state.reached = 2;
  assert.deepEqual(await lookAt(stuckMs), []);
});
