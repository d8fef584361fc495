import { randomUUID } from 'node:crypto';
import type { Order, Shipment } from '@shop/common';
import type { FaultShop } from './fault-shop.ts';

/** A new customer. @returns the id */
export async function register({ postgres }: FaultShop, zipcode = '10115'): Promise<number> {
  const { rows } = await postgres.query<{ id: string }>(
    `INSERT INTO customers (first_name, last_name, zipcode, country, address)
     VALUES ('Ada', 'Probe', $2, 'DE', $1) RETURNING id`,
    [`Probe Lane ${randomUUID().slice(0, 8)}`, zipcode],
  );
  return Number(rows[0]?.id);
}

/** Places an order. @returns its outcome, once there is one */
export async function order(shop: FaultShop, customerId: number): Promise<() => Shipment | undefined> {
  const placed: Order = {
    order_id: randomUUID(),
    customer: { id: customerId, first_name: 'Ada', last_name: 'Probe' },
    order: { id: 1, product: 'toy', quantity: 1 },
    ordered_at: new Date().toISOString(),
  };
  const outcome = shop.tail.expect(placed.order_id);
  await shop.producer.send({
    topic: shop.topics.orders.topic,
    messages: [{ key: String(customerId), value: JSON.stringify(placed) }],
  });
  return outcome;
}

/** Places an order and waits for its outcome. @param patienceMs on a quiet machine */
export async function ship(shop: FaultShop, customerId: number, patienceMs?: number): Promise<Shipment> {
  return shop.until(`a parcel for customer ${customerId}`, await order(shop, customerId), patienceMs);
}
