import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createReport, deadLetterHeaders, waitingHeaders } from '@shop/common';
import { buildMessage, buildOrder } from '@shop/test-support';
import { retryBatch } from '../../src/kafka/batch.ts';
import { createOutcomeCounters } from '../../src/orders/count-outcomes.ts';
import { createShipOrders } from '../../src/orders/ship-orders.ts';
import { buildAnswer, buildLookUp } from '../build-look-up.ts';

const topics = {
  orders: 'customer_orders',
  shipments: 'shipments',
  waiting: 'orders_waiting',
  deadLetters: 'dead_letters',
};
const signal = new AbortController().signal;

function createHandler(customers = [buildAnswer(7)]) {
  const { lookUp, asked } = buildLookUp(customers);
  const report = createReport();
  const handler = createShipOrders({
    service: 'shipping-service',
    topics,
    lookUp,
    window: { lengthMs: 600_000, limit: 1_000 },
    counters: createOutcomeCounters(report),
  })(3);
  async function handle(messages: ReturnType<typeof buildMessage>[]) {
    const result = await handler.handle({ partition: 3, messages, moreBehind: false, signal });
    assert.ok(result !== retryBatch);
    result.committed?.();
    const of = (topic: string) => result.writes.find((write) => write.topic === topic)?.messages ?? [];
    const shipments = of(topics.shipments).map(({ key, value }) => ({ key, value: JSON.parse(String(value)) }));
    return { shipments, waiting: of(topics.waiting), deadLetters: of(topics.deadLetters) };
  }
  return { handle, handler, asked, report };
}

test('an order is delivered to the address that ksqlDB gives', async () => {
  const { handle } = createHandler();
  const { shipments, waiting, deadLetters } = await handle([buildMessage(5, buildOrder('o-1', 7))]);
  assert.equal(shipments.length, 1);
  assert.equal(shipments[0]?.key, 'o-1');
  const { shipped_at, ...rest } = shipments[0]?.value ?? {};
  assert.ok(Date.parse(shipped_at) > 0);
  assert.deepEqual(rest, {
    order_id: 'o-1',
    customer_id: 7,
    product: 'toy',
    quantity: 2,
    ordered_at: '2026-11-22T10:00:00.000Z',
    lookup_started_at: '2026-11-22T10:00:00.900Z',
    looked_up_at: '2026-11-22T10:00:01.000Z',
    looked_up_by: 'shipping-1',
    order_partition: 3,
    order_offset: 5,
    status: 'delivered',
    first_name: 'Ada',
    last_name: 'Meier',
    zipcode: '10115',
    country: 'DE',
    address: 'Weg 7, Berlin',
  });
  assert.deepEqual([waiting, deadLetters], [[], []]);
});

test("a deleted customer's order is undeliverable, and carries no address", async () => {
  const { handle } = createHandler([buildAnswer(7, { deleted: true, address: null })]);
  const { shipments } = await handle([buildMessage(5, buildOrder('o-1', 7))]);
  assert.equal(shipments[0]?.value.status, 'undeliverable');
  assert.equal(shipments[0]?.value.reason, 'customer_deleted');
  assert.ok(!('address' in (shipments[0]?.value ?? {})));
});

test('an order of a customer who is not in ksqlDB goes to orders_waiting unchanged, with its origin', async () => {
  const { handle } = createHandler([]);
  const message = buildMessage(5, buildOrder('o-1', 7));
  const { shipments, waiting } = await handle([message]);
  assert.deepEqual(shipments, []);
  assert.equal(waiting[0]?.key, 'o-1');
  assert.equal(waiting[0]?.value, message.value);
  assert.equal(waiting[0]?.headers?.[waitingHeaders.partition], '3');
  assert.equal(waiting[0]?.headers?.[waitingHeaders.offset], '5');
});

test('a message that cannot be read goes unchanged to dead_letters, and the others are shipped', async () => {
  const { handle, report } = createHandler();
  const broken = buildMessage(5, '{"order":', { headers: { trace: 'abc' } });
  const tombstone = buildMessage(6, null);
  const { shipments, deadLetters } = await handle([broken, tombstone, buildMessage(7, buildOrder('o-1', 7))]);
  assert.equal(shipments.length, 1);
  assert.deepEqual(
    deadLetters.map(({ value, headers }) => [
      value,
      headers?.[deadLetterHeaders.code],
      headers?.[deadLetterHeaders.offset],
    ]),
    [
      [broken.value, 'invalid_json', '5'],
      [null, 'tombstone', '6'],
    ],
  );
  assert.equal(deadLetters[0]?.key, broken.key);
  assert.equal(deadLetters[0]?.headers?.['trace'], 'abc');
  assert.equal(deadLetters[0]?.headers?.[deadLetterHeaders.topic], 'customer_orders');
  assert.deepEqual(report.snapshot().counters, {
    orders_read: 3,
    orders_delivered: 1,
    orders_undeliverable: 0,
    orders_waited: 0,
    dead_letters: 2,
  });
});

test('a second copy inside the window is a dead letter, in the same batch, a later one, or after a restart', async () => {
  const { handle, handler } = createHandler();
  handler.remember?.([buildMessage(1, buildOrder('before the restart', 7))]);
  const first = await handle([buildMessage(5, buildOrder('o-1', 7)), buildMessage(6, buildOrder('o-1', 7))]);
  const second = await handle([
    buildMessage(7, buildOrder('o-1', 7)),
    buildMessage(8, buildOrder('before the restart', 7)),
  ]);
  assert.equal(first.shipments.length, 1);
  assert.equal(second.shipments.length, 0);
  const codes = [...first.deadLetters, ...second.deadLetters].map(({ headers }) => headers?.[deadLetterHeaders.code]);
  assert.deepEqual(codes, ['duplicate_order', 'duplicate_order', 'duplicate_order']);
});

test('the customers of a batch are looked up together', async () => {
  const { handle, asked } = createHandler([buildAnswer(7), buildAnswer(8)]);
  await handle([
    buildMessage(1, buildOrder('a', 7)),
    buildMessage(2, buildOrder('b', 8)),
    buildMessage(3, buildOrder('c', 7)),
  ]);
  assert.equal(asked.length, 1);
});
