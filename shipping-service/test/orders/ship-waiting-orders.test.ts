import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createReport, deadLetterHeaders, waitingHeaders } from '@shop/common';
import { buildMessage, buildOrder } from '@shop/test-support';
import { createConnectorRepairs } from '../../src/customers/connector-repairs.ts';
import type { CustomerAnswer } from '../../src/customers/look-up-customers.ts';
import { createPipelineClock } from '../../src/customers/pipeline-clock.ts';
import { retryBatch } from '../../src/kafka/batch.ts';
import { createOutcomeCounters } from '../../src/orders/count-outcomes.ts';
import { createShipWaitingOrders } from '../../src/orders/ship-waiting-orders.ts';
import { toWaitingMessage } from '../../src/orders/waiting-order.ts';
import { buildAnswer, buildLookUp } from '../build-look-up.ts';

const topics = { shipments: 'shipments', waiting: 'orders_waiting', deadLetters: 'dead_letters' };
const firstSeen = Date.parse('2026-11-22T10:00:00.000Z');

/** An order of a customer as a message of orders_waiting. */
function buildWaiting(offset: number, orderId: string, customerId: number) {
  const message = buildMessage(41, buildOrder(orderId, customerId));
  const received = { order: buildOrder(orderId, customerId), partition: 2, offset: '41', message };
  const { headers = {}, value } = toWaitingMessage(received, firstSeen);
  return buildMessage(offset, String(value), { headers });
}

function createHandler(customers: CustomerAnswer[], customerWaitMs = 60_000) {
  const { lookUp } = buildLookUp(customers);
  // One partition, so every customer shares the progress of all.
  const clock = createPipelineClock();
  clock.notePartitions(1);
  const repairs = createConnectorRepairs();
  repairs.noteAllRead();
  const counters = createOutcomeCounters(createReport());
  const plan = { service: 'shipping-service', topics, lookUp, clock, repairs, customerWaitMs, pauseMs: 1, counters };
  const handler = createShipWaitingOrders(plan)(0);
  async function handle(messages: ReturnType<typeof buildMessage>[], moreBehind = false) {
    const signal = new AbortController().signal;
    const result = await handler.handle({ partition: 0, messages, moreBehind, signal });
    if (result === retryBatch) return retryBatch;
    const of = (topic: string) => result.writes.find((write) => write.topic === topic)?.messages ?? [];
    return {
      shipments: of(topics.shipments).map(({ value }) => JSON.parse(String(value))),
      waiting: of(topics.waiting),
      deadLetters: of(topics.deadLetters),
    };
  }
  return { handle, clock, repairs };
}

test('ships the orders whose customers arrived, and writes the others to the topic again with the time of the first look-up', async () => {
  const { handle } = createHandler([buildAnswer(7)]);
  const result = await handle([buildWaiting(0, 'here', 7), buildWaiting(1, 'not yet', 8)]);
  assert.ok(result !== retryBatch);
  assert.equal(result.shipments.length, 1);
  assert.equal(result.shipments[0].order_id, 'here');
  assert.equal(result.shipments[0].order_partition, 2);
  assert.equal(result.shipments[0].order_offset, 41);
  assert.equal(result.waiting.length, 1);
  assert.equal(result.waiting[0]?.headers?.[waitingHeaders.firstSeen], new Date(firstSeen).toISOString());
});

test('retries the batch when nothing has changed and no order waits behind it', async () => {
  const { handle } = createHandler([]);
  assert.equal(await handle([buildWaiting(0, 'not yet', 8)]), retryBatch);
  const result = await handle([buildWaiting(0, 'not yet', 8)], true);
  assert.ok(result !== retryBatch);
  assert.equal(result.waiting.length, 1);
});

/** A change of customer 9, committed so long after the order was first seen. */
const changeAfter = (ms: number) => ({ customerId: 9, committedAt: firstSeen + ms, handledAt: firstSeen + ms });
const customer9 = buildAnswer(9, { changedAt: firstSeen + 90_000 });

test('a customer is unknown only when changes as late as the deadline have passed ksqlDB', async () => {
  const { handle, clock } = createHandler([customer9]);
  assert.equal(await handle([buildWaiting(0, 'o-1', 8)]), retryBatch, 'the pipeline was never seen alive');
  clock.noteChange(0, changeAfter(59_999));
  for (let look = 0; look < 2; look++)
    assert.equal(await handle([buildWaiting(0, 'o-1', 8)]), retryBatch, 'it was, but not for long enough');
});

test('a customer who is missing in a look-up after that makes the order undeliverable', async () => {
  const { handle, clock } = createHandler([customer9]);
  clock.noteChange(0, changeAfter(60_000));
  assert.equal(await handle([buildWaiting(0, 'o-1', 8)]), retryBatch, 'one list of ids may be answered before another');
  const result = await handle([buildWaiting(0, 'o-1', 8)]);
  assert.ok(result !== retryBatch);
  assert.equal(result.shipments[0].status, 'undeliverable');
  assert.equal(result.shipments[0].reason, 'customer_unknown');
});

test('no order times out while the connector is repaired, nor within the wait after that', async () => {
  const customer10 = buildAnswer(10, { changedAt: firstSeen + 150_000 });
  const { handle, clock, repairs } = createHandler([customer9, customer10]);
  const look = async () => {
    const result = await handle([buildWaiting(0, 'o-1', 8)]);
    return result === retryBatch ? 'waits' : result.shipments[0].reason;
  };
  const key = Buffer.from('debezium_source_conn');
  repairs.noteRecord({ key, value: Buffer.from('{}'), timestamp: firstSeen });
  clock.noteChange(0, changeAfter(90_000));
  assert.deepEqual([await look(), await look()], ['waits', 'waits'], 'the repair is open');
  repairs.noteRecord({ key, value: null, timestamp: firstSeen + 90_000 });
  assert.deepEqual([await look(), await look()], ['waits', 'waits'], 'the repair has just ended');
  const at = firstSeen + 150_000;
  clock.noteChange(0, { customerId: 10, committedAt: at, handledAt: at });
  assert.deepEqual([await look(), await look()], ['waits', 'customer_unknown']);
});

test('a message without the headers of a waiting order is a dead letter', async () => {
  const { handle } = createHandler([]);
  const result = await handle([buildMessage(0, buildOrder('o-1', 7))]);
  assert.ok(result !== retryBatch);
  assert.equal(result.deadLetters[0]?.headers?.[deadLetterHeaders.code], 'wrong_headers');
});

test('an order never ships to a placeholder, and never times out because of it', async () => {
  const { handle, clock } = createHandler([buildAnswer(7, { incomplete: true })], 0);
  clock.noteChange(0, { customerId: 7, committedAt: firstSeen + 1, handledAt: 0 });
  await handle([buildWaiting(0, 'first', 7)]);
  const result = await handle([buildWaiting(0, 'first', 7)], true);
  assert.ok(result !== retryBatch);
  assert.deepEqual([result.shipments.length, result.waiting.length], [0, 1]);
});
