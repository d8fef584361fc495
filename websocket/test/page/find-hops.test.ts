import assert from 'node:assert/strict';
import { test } from 'node:test';
import { findHops } from '../../page/src/text/find-hops.ts';
import type { ListedEvent } from '../../src/messages/events.ts';

const start = Date.parse('2026-11-28T00:13:11.769Z');
const iso = (after: number) => new Date(start + after).toISOString();
const ordered_at = iso(0);

/** The hops of a message that Kafka got `arrived` ms after the start, as `name +ms`. */
function hopsOf(topic: string, value: unknown, arrived: number, headers: Record<string, string> = {}): string[] {
  const event: ListedEvent = {
    id: 1,
    topic,
    partition: 0,
    offset: 1,
    key: '5',
    value,
    timestamp: start + arrived,
    headers,
  };
  return findHops(event).map(({ name, at, after }) => {
    assert.equal(at - start, after ?? at - start);
    return after === null ? name : `${name} +${after}`;
  });
}

test('an order and its shipment tell when the order was where', () => {
  assert.deepEqual(hopsOf('customer_orders', { ordered_at }, 3), ['ordered', 'in Kafka +3']);
  const outcome = { ordered_at, lookup_started_at: iso(13), looked_up_at: iso(20), shipped_at: iso(21) };
  assert.deepEqual(hopsOf('shipments', { ...outcome, status: 'delivered' }, 24), [
    'shipping asks ksqlDB for the address +13',
    'ksqlDB has answered +20',
    'shipped +21',
    'in Kafka +24',
  ]);
  assert.ok(hopsOf('shipments', { ...outcome, status: 'undeliverable' }, 24).includes('found undeliverable +21'));
});

test('a change tells when Postgres committed it, when it was captured and when Kafka got it', () => {
  const change = { op: 'u', source: { ts_ms: start }, ts_ms: start + 17 };
  const rest = ['captured by Debezium +17', 'in Kafka +20'];
  assert.deepEqual(hopsOf('dummy.public.customers', change, 20), ['committed by Postgres', ...rest]);
  const found = hopsOf('dummy.public.customers', { ...change, op: 'r' }, 20);
  assert.deepEqual(found, ['read by the snapshot of Debezium', ...rest]);
});

test('an order that waits or is set aside tells when shipping read it', () => {
  assert.deepEqual(hopsOf('orders_waiting', { ordered_at }, 8, { 'waiting.first_seen': iso(5) }), [
    'read by shipping, which does not find the customer in ksqlDB +5',
    'in Kafka, to wait +8',
  ]);
  assert.deepEqual(hopsOf('dead_letters', '{"order": broken', 8, { 'dead_letter.time': iso(5) }), [
    'set aside',
    'in Kafka',
  ]);
});

test('a step whose time no message tells is left out', () => {
  assert.deepEqual(hopsOf('shipments', { status: 'delivered', shipped_at: iso(5), looked_up_at: 'soon' }, 8), [
    'shipped',
    'in Kafka',
  ]);
  assert.deepEqual(hopsOf('dummy.public.customers', { op: 'u', ts_ms: 1e99 }, 8), ['in Kafka']);
  assert.deepEqual(hopsOf('CUSTOMERS', { OP: 'u', CHANGED_AT: start }, 8), []);
});
