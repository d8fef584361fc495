import { deadLetterHeaders, type Order, type Shipment, type TopicRecord, waitingHeaders } from '@shop/common';
import type { HistoryChange } from '../../src/addresses/customer-history.ts';
import { rowFingerprint } from '../../src/customers/row-fingerprint.ts';

export const topicNames = {
  orders: 'customer_orders',
  shipments: 'shipments',
  waiting: 'orders_waiting',
  deadLetters: 'dead_letters',
  customers: 'dummy.public.customers',
};

/** An hour ago. A real broker deletes messages that are older than the retention of their topic. */
const noon = Math.floor(Date.now() / 1_000) * 1_000 - 3_600_000;
export const atMs = (ms: number) => noon + ms;

interface Spot {
  offset: number;
  partition?: number;
  /** ms after noon */
  at?: number;
}

function toRecord(
  topic: string,
  { offset, partition = 0, at = 0 }: Spot,
  value: unknown,
  headers: Record<string, string> = {},
): TopicRecord {
  const bytes = value === null ? null : Buffer.from(typeof value === 'string' ? value : JSON.stringify(value));
  return { topic, partition, offset, timestamp: atMs(at), stampedByBroker: true, key: null, value: bytes, headers };
}

export function orderRecord(spot: Spot & { orderId: string; customerId?: number }): TopicRecord {
  const order: Order = {
    order_id: spot.orderId,
    customer: { id: spot.customerId ?? 1, first_name: 'Ada', last_name: 'Meier' },
    order: { id: 1, product: 'toy', quantity: 1 },
    ordered_at: new Date(noon).toISOString(),
  };
  return toRecord(topicNames.orders, spot, order);
}

export const brokenOrderRecord = (spot: Spot): TopicRecord => toRecord(topicNames.orders, spot, '{"order": broken');

/** Partition and offset of an order. */
export interface Origin {
  partition: number;
  offset: number;
}

export function shipmentOf(orderId: string, origin: Origin, change: Partial<Shipment> = {}): Shipment {
  return {
    status: 'delivered',
    order_id: orderId,
    customer_id: 1,
    product: 'toy',
    quantity: 1,
    ordered_at: new Date(noon).toISOString(),
    looked_up_at: new Date(noon).toISOString(),
    shipped_at: new Date(noon).toISOString(),
    order_partition: origin.partition,
    order_offset: origin.offset,
    first_name: 'Ada',
    last_name: 'Lovelace',
    zipcode: '1',
    country: 'UK',
    address: 'Old Road 1',
    ...change,
  } as Shipment;
}

export const shipmentRecord = (spot: Spot, shipment: unknown): TopicRecord =>
  toRecord(topicNames.shipments, spot, shipment);

/** @param message the original message, which could not be handled */
export const deadLetterRecord = (
  spot: Spot,
  origin: Origin,
  code = 'invalid_json',
  topic = topicNames.orders,
  message: unknown = '{"order": broken',
) =>
  toRecord(topicNames.deadLetters, spot, message, {
    [deadLetterHeaders.topic]: topic,
    [deadLetterHeaders.partition]: String(origin.partition),
    [deadLetterHeaders.offset]: String(origin.offset),
    [deadLetterHeaders.code]: code,
  });

export const waitingRecord = (spot: Spot, origin: Origin, order: unknown = '{}') =>
  toRecord(topicNames.waiting, spot, order, {
    [waitingHeaders.partition]: String(origin.partition),
    [waitingHeaders.offset]: String(origin.offset),
  });

/** A row of ksqlDB's table CUSTOMERS; `address` undefined for a deleted customer. */
export function tableRecord(spot: Spot, id: number, address?: string): TopicRecord {
  const exists = address !== undefined;
  const columns = {
    OP: exists ? 'u' : 'd',
    CHANGED_AT: atMs(spot.at ?? 0) + 20,
    FIRST_NAME: exists ? 'Ada' : null,
    LAST_NAME: exists ? 'Lovelace' : null,
    ZIPCODE: exists ? '1' : null,
    COUNTRY: exists ? 'UK' : null,
    ADDRESS: address ?? null,
  };
  return { ...toRecord('CUSTOMERS', spot, columns), key: Buffer.from(String(id)) };
}

/** A change in Postgres' history, with `offset` as its sequence number; `address` undefined for a deletion. */
export function historyChange(spot: Spot, op: 'c' | 'u' | 'd' | 'r', id: number, address?: string): HistoryChange {
  const { first_name, last_name, zipcode, country } = {
    first_name: 'Ada',
    last_name: 'Lovelace',
    zipcode: '1',
    country: 'UK',
  };
  return {
    id,
    seq: spot.offset,
    from: op === 'r' ? Number.NEGATIVE_INFINITY : atMs(spot.at ?? 0),
    row: address === undefined ? null : rowFingerprint({ first_name, last_name, zipcode, country, address }),
    isFirst: op === 'c',
  };
}
