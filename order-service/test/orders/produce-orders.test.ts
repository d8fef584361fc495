import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createRandom, createReport } from '@shop/common';
import { until } from '@shop/test-support';
import type { Message } from 'kafkajs';
import { createMessageMaker } from '../../src/orders/create-messages.ts';
import { createOrderMaker } from '../../src/orders/create-orders.ts';
import { createPace } from '../../src/orders/pace.ts';
import { createPlacedOrders } from '../../src/orders/place-orders.ts';
import { produceOrders } from '../../src/orders/produce-orders.ts';
import { usualTraffic } from '../../src/orders/traffic.ts';
import { createSampleView, emptySample } from '../../src/sample/sample.ts';

const sample = {
  customers: [1, 2, 3].map((id) => ({ id, first_name: 'Ada', last_name: 'Meier' })),
  newcomers: [],
  products: [{ id: 1, product: 'toy' }],
};

/** Runs the producer; a batch stays in flight until the test answers for Kafka. */
function startProducing(perSecond: number) {
  const ending = new AbortController();
  const report = createReport();
  const failures: unknown[] = [];
  const batches: Message[][] = [];
  let underWay: { resolve(acknowledged: boolean): void; reject(error: Error): void } | undefined;
  let close: () => unknown = () => undefined;
  const view = createSampleView();
  const sender = {
    send(_topic: string, messages: Message[]) {
      assert.equal(underWay, undefined, 'a batch was sent while another was under way');
      batches.push(messages);
      return new Promise<boolean>((resolve, reject) => {
        underWay = { resolve, reject };
      });
    },
  };
  const placed = createPlacedOrders();
  const pace = createPace(perSecond);
  const toMessages = createMessageMaker(createRandom(1), usualTraffic);
  const parts = { topic: 'orders', view, sender, pace, placed, toMessages };
  produceOrders(
    { ...parts, createOrders: createOrderMaker(createRandom(1), { min: 1, max: 5 }) },
    {
      report,
      signal: ending.signal,
      onClose: (closer) => {
        close = closer;
      },
      fail: (error) => failures.push(error),
    },
  );
  return {
    view,
    pace,
    placed,
    signal: ending.signal,
    batches,
    failures,
    counters: () => report.snapshot().counters,
    async answer(acknowledged: boolean | Error) {
      await until('a batch to answer', () => underWay !== undefined);
      const answered = underWay;
      underWay = undefined;
      if (acknowledged instanceof Error) answered?.reject(acknowledged);
      else answered?.resolve(acknowledged);
    },
    end() {
      ending.abort(new Error('the service is stopping'));
      return close();
    },
  };
}

test('while a batch is in flight, no other is created, and no batch exceeds the request limit', async () => {
  const producing = startProducing(100_000);
  producing.view.show(sample);
  for (let turn = 0; turn < 5; turn += 1) await producing.answer(true);
  await until('six batches', () => producing.batches.length === 6);
  assert.ok(producing.batches.every((batch) => batch.length <= 1_000));
  const sent = producing.batches.slice(0, 5).flat().length;
  assert.equal(producing.counters()['orders_made'], sent);
  const ended = producing.end();
  await producing.answer(true);
  await ended;
  assert.equal(producing.batches.length, 6);
});

test('the stop waits for the batch in flight and counts it', async () => {
  const producing = startProducing(5);
  producing.view.show(sample);
  await until('a batch', () => producing.batches.length === 1);
  let over = false;
  const ended = Promise.resolve(producing.end()).then(() => {
    over = true;
  });
  await new Promise(setImmediate);
  assert.equal(over, false);
  await producing.answer(true);
  await ended;
  assert.equal(producing.counters()['orders_made'], 1);
  assert.deepEqual(producing.failures, []);
});

test('orders that Kafka did not acknowledge are counted separately and not sent again', async () => {
  const producing = startProducing(1_000);
  producing.view.show(sample);
  await producing.answer(false);
  await producing.answer(true);
  await until('three batches', () => producing.batches.length === 3);
  const [lost = [], made = []] = producing.batches;
  assert.equal(producing.counters()['orders_unknown'], lost.length);
  assert.equal(producing.counters()['orders_made'], made.length);
  const values = producing.batches.flat().map(({ value }) => String(value));
  assert.equal(new Set(values).size, values.length);
  const ended = producing.end();
  await producing.answer(true);
  await ended;
});

test('creates no order while the sample is empty', async () => {
  const producing = startProducing(1_000);
  producing.view.show(sample);
  await until('a batch', () => producing.batches.length === 1);
  producing.view.show(emptySample);
  await producing.answer(true);
  await until('counted orders', () => producing.counters()['orders_made'] !== 0);
  await producing.end();
  assert.equal(producing.batches.length, 1);
});

test('an error that no retry can fix ends the service', async () => {
  const producing = startProducing(5);
  producing.view.show(sample);
  await producing.answer(new Error('no permission'));
  await until('an error', () => producing.failures.length > 0);
  assert.match(String(producing.failures[0]), /no permission/);
  await producing.end();
});

test('splits a batch whose customers have long names, so that each request fits into a message batch of Kafka', async () => {
  const producing = startProducing(10_000);
  const long = { id: 4, first_name: 'ä'.repeat(10_000), last_name: 'ö'.repeat(10_000) };
  producing.view.show({ ...sample, customers: [long] });
  for (let answers = 0; answers < 5; answers += 1) await producing.answer(true);
  await until('six batches', () => producing.batches.length === 6);
  for (const batch of producing.batches) {
    assert.ok(batch.length > 0);
    assert.ok(batch.reduce((bytes, { value }) => bytes + Buffer.byteLength(value ?? ''), 0) < 1_000_000);
  }
  const ended = producing.end();
  await producing.answer(true);
  await ended;
  assert.equal(producing.batches.length, 6, 'no request is begun after the end');
});
