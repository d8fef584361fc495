import { randomUUID } from 'node:crypto';
import type { CustomerChange, CustomerRow, Order } from '@shop/common';
import type { IHeaders, KafkaMessage } from 'kafkajs';

/** Builds a row of Postgres' table customers. */
export const buildCustomer = (id: number, changes: Partial<CustomerRow> = {}): CustomerRow => ({
  id,
  first_name: 'Ada',
  last_name: 'Meier',
  zipcode: '10115',
  country: 'DE',
  address: `Weg ${id}, Berlin`,
  ...changes,
});

/**
 * Builds Debezium's event for a change of a customer. A deletion needs only the id.
 *
 * @param committedAt when Postgres committed the change, ms since 1970
 * @param handledAt when the connector handled it; the same time if absent
 */
export const buildChange = (
  op: CustomerChange['op'],
  customer: { id: number },
  { committedAt = 1, handledAt }: { committedAt?: number; handledAt?: number } = {},
): object => ({
  op,
  before: op === 'd' ? { id: customer.id } : null,
  after: op === 'd' ? null : customer,
  source: { connector: 'postgresql', ts_ms: committedAt },
  ts_ms: handledAt ?? committedAt,
});

/** Builds an order. Its time is always the same. */
export const buildOrder = (orderId: string, customerId: number, changes: Partial<Order> = {}): Order => ({
  order_id: orderId,
  customer: { id: customerId, first_name: 'Ada', last_name: 'Meier' },
  order: { id: 1, product: 'toy', quantity: 2 },
  ordered_at: '2026-11-22T10:00:00.000Z',
  ...changes,
});

/** Builds an order with a unique id, placed now. */
export const buildNewOrder = (customerId: number, changes: Partial<Order> = {}): Order =>
  buildOrder(randomUUID(), customerId, { ordered_at: new Date().toISOString(), ...changes });

/** Builds a message as kafkajs delivers it. An object becomes JSON. */
export const buildMessage = (
  offset: number,
  value: object | string | null,
  { key = '7', timestamp = 1_000, headers = {} }: { key?: string | null; timestamp?: number; headers?: IHeaders } = {},
): KafkaMessage => ({
  key: key === null ? null : Buffer.from(key),
  value: value === null ? null : Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)),
  timestamp: String(timestamp),
  attributes: 0,
  offset: String(offset),
  headers,
});
