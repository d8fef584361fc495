import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { OrderRecord } from '../collect-orders.ts';
import { explain } from './explain.ts';
import type { InjectedFault } from './report.ts';

const order = (outcomesAt: number[]): OrderRecord => ({
  partition: 0,
  offset: 7,
  placedAt: 10_000,
  orderId: 'a',
  outcomes: outcomesAt.map((at) => ({ kind: 'shipment', at })),
});
const fault = (name: string, from: number): InjectedFault => ({ name, what: name, from, recoveredAt: from + 5_000 });

/** The sentence about an order and the faults around it. */
function sentenceOf(problem: string, record: OrderRecord, faults: InjectedFault[] = [], more: object = {}): string {
  const named = record.orderId === undefined ? {} : { order_id: record.orderId };
  const violation = { problem, topic: 'customer_orders', partition: 0, offset: 7, ...named, ...more };
  return explain(violation, new Map([['0/7', record]]), faults).sentence;
}

test('an order shipped twice around a kill: the offset was committed after the shipment', () => {
  const sentence = sentenceOf('shipped_twice', order([11_000, 14_200]), [fault('kill', 12_000)]);
  assert.equal(
    sentence,
    'order a was shipped twice, 3.2 s apart: the offset was committed after the shipment was sent, and the process was killed in between.',
  );
});

test('a fault after the second shipment, or long before the first one, is no cause', () => {
  const shipped = order([11_000, 14_200]);
  for (const faults of [[fault('kill', 15_000)], [fault('kill', 1_000)], []])
    assert.match(sentenceOf('shipped_twice', shipped, faults), /was not committed together with its shipment/);
});

test('a second shipment is found by its order id', () => {
  const violation = { problem: 'shipped_twice', order_id: 'a', topic: 'shipments', partition: 3, offset: 1 };
  const { sentence } = explain(violation, new Map([['0/7', order([11_000, 12_000])]]), [fault('freeze', 11_500)]);
  assert.match(sentence, /1\.0 s apart: the process was frozen/);
});

test('an order without an outcome: dropped, forgotten while it waited, or committed before', () => {
  assert.match(
    sentenceOf('no_outcome', { ...order([]), orderId: undefined }),
    /^customer_orders 0\/7 cannot be read as an order/,
  );
  assert.match(sentenceOf('lost', order([]), [fault('unknown-customers', 9_000)]), /forgot the order while it waited/);
  assert.match(sentenceOf('lost', order([]), [fault('kill', 10_500)]), /committed before its outcome/);
  assert.match(sentenceOf('lost', order([]), [fault('ksqldb-down', 10_500)]), /passed it during ksqldb-down/);
});

test('every other violation names the order, and what the audit said', () => {
  assert.equal(
    sentenceOf('not_as_ordered', order([11_000]), [], { detail: 'quantity is 3, ordered 1' }),
    'order a was not shipped as ordered: quantity is 3, ordered 1.',
  );
  assert.equal(sentenceOf('something_new', order([11_000]), [], { detail: 'why' }), 'order a: something_new (why)');
});
