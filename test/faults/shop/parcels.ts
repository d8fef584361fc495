import { randomUUID } from 'node:crypto';
import type { Shipment } from '@shop/common';
import { buildNewOrder } from '@shop/test-support';
import type { FaultShop } from './fault-shop.ts';

/** Inserts a customer. @returns the id */
export async function register({ postgres }: FaultShop, zipcode = '10115'): Promise<number> {
  const { rows } = await postgres.query<{ id: string }>(
    `INSERT INTO customers (first_name, last_name, zipcode, country, address)
     VALUES ('Ada', 'Probe', $2, 'DE', $1) RETURNING id`,
    [`Probe Lane ${randomUUID().slice(0, 8)}`, zipcode],
  );
  return Number(rows[0]?.id);
}

/** Places an order. @returns a function that returns its outcome, once there is one */
export async function order(shop: FaultShop, customerId: number): Promise<() => Shipment | undefined> {
  const placed = buildNewOrder(customerId);
  const outcome = shop.tail.expect(placed.order_id);
  await shop.producer.send({
    topic: shop.topics.orders.topic,
    messages: [{ key: String(customerId), value: JSON.stringify(placed) }],
  });
  return outcome;
}

/** Places an order and waits for its outcome. @param patienceMs time limit on a quiet machine */
export async function ship(shop: FaultShop, customerId: number, patienceMs?: number): Promise<Shipment> {
  return shop.until(`a parcel for customer ${customerId}`, await order(shop, customerId), patienceMs);
}
