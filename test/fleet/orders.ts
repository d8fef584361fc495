import assert from 'node:assert/strict';
import type { Shipment } from '@shop/common';
import { until } from '@shop/test-support';
import type { Shop } from './open-shop.ts';

const insertCustomer = `
  INSERT INTO customers (first_name, last_name, zipcode, country, address)
  VALUES ('Ada', 'Test', '10115', 'DE', $1) RETURNING id::int`;

/** Inserts a customer at this address. @returns the id */
export async function register(shop: Shop, address: string): Promise<number> {
  const { rows } = await shop.postgres.query<{ id: number }>(insertCustomer, [address]);
  assert.ok(rows[0]);
  return rows[0].id;
}

/** Places an order and waits for its outcome. */
export async function ship(shop: Shop, customerId: number): Promise<Shipment> {
  const orderId = await shop.order(customerId);
  return until('a shipment of the order', () => shop.shipments().find(({ order_id }) => order_id === orderId));
}

/** Returns the customer's address in Postgres; undefined if the customer was deleted. */
export async function findHome(shop: Shop, customerId: number): Promise<string | undefined> {
  const { rows } = await shop.postgres.query<{ address: string }>('SELECT address FROM customers WHERE id = $1', [
    customerId,
  ]);
  return rows[0]?.address;
}

/**
 * Runs an action with a new customer at the first of these addresses. The updater may move or delete the customer at
 * any moment. So if the action fails and the customer has left these addresses, it runs again with another customer.
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

/** Checks that a new customer gets a parcel at this address. @returns the shipment */
export const shipHome = (shop: Shop, address: string): Promise<Shipment> =>
  withCustomer(shop, [address], async (id) => {
    const shipment = await ship(shop, id);
    assert.equal(shipment.status === 'delivered' && shipment.address, address);
    return shipment;
  });
