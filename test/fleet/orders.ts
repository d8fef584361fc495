import assert from 'node:assert/strict';
import type { Shipment } from '@shop/common';
import type { Shop } from './open-shop.ts';
import { until } from './until.ts';

const insertCustomer = `
  INSERT INTO customers (first_name, last_name, zipcode, country, address)
  VALUES ('Ada', 'Test', '10115', 'DE', $1) RETURNING id::int`;

/** A new customer at this address; gives the id. */
export async function register(shop: Shop, address: string): Promise<number> {
  const { rows } = await shop.postgres.query<{ id: number }>(insertCustomer, [address]);
  assert.ok(rows[0]);
  return rows[0].id;
}

/** Orders for a customer and waits for what comes of it. */
export async function ship(shop: Shop, customerId: number): Promise<Shipment> {
  const orderId = await shop.order(customerId);
  return until('a shipment of the order', () => shop.shipments().find(({ order_id }) => order_id === orderId));
}
