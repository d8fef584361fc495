import assert from 'node:assert/strict';
import type { Shipment } from '@shop/common';
import { until } from '@shop/test-support';
import type { Shop } from './open-shop.ts';

const insertCustomer = `
  INSERT INTO customers (first_name, last_name, zipcode, country, address)
  VALUES ('Ada', 'Test', '10115', 'DE', $1) RETURNING id::int`;

/** A new customer at this address; gives the id. */
export async function register(shop: Shop, address: string): Promise<number> {
  const { rows } = await shop.postgres.query<{ id: number }>(insertCustomer, [address]);
  assert.ok(rows[0]);
  return rows[0].id;
}

/** Orders for a customer and waits for the outcome. */
export async function ship(shop: Shop, customerId: number): Promise<Shipment> {
  const orderId = await shop.order(customerId);
  return until('a shipment of the order', () => shop.shipments().find(({ order_id }) => order_id === orderId));
}

/** What Postgres has of a customer now; undefined when there is none. */
export async function findHome(shop: Shop, customerId: number): Promise<string | undefined> {
  const { rows } = await shop.postgres.query<{ address: string }>('SELECT address FROM customers WHERE id = $1', [
    customerId,
  ]);
  return rows[0]?.address;
}

/**
 * Tries something with a new customer who lives at the first of these addresses. The updater may move or delete any
 * customer at any moment. When the attempt failed and Postgres has the customer elsewhere, it is repeated with another
 * one.
 */
export async function withCustomer<T>(
  shop: Shop,
  addresses: readonly [string, ...string[]],
  act: (id: number) => Promise<T>,
): Promise<T> {
  for (let tries = 1; ; tries++) {
    const id = await register(shop, addresses[0]);
    try {
      return await act(id);
    } catch (error) {
      const home = await findHome(shop, id);
      if (tries === 5 || (home !== undefined && addresses.includes(home))) throw error;
    }
  }
}

/** A new customer gets a parcel at this address; gives the shipment. */
export const shipHome = (shop: Shop, address: string): Promise<Shipment> =>
  withCustomer(shop, [address], async (id) => {
    const shipment = await ship(shop, id);
    assert.equal(shipment.status === 'delivered' && shipment.address, address);
    return shipment;
  });
