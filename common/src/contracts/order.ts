import { z } from 'zod';

/** A message of `customer_orders`; key: the customer's id as text. It names the customer and never carries an address. */
export const order = z.looseObject({
  /** UUIDv7. */
  order_id: z.string().min(1).max(200),
  /** The customer as order-service read them from Postgres. */
  customer: z.looseObject({
    id: z.int(),
    first_name: z.string(),
    last_name: z.string(),
  }),
  order: z.looseObject({
    /** The product's id. */
    id: z.int(),
    product: z.string().min(1).max(200),
    quantity: z.int().positive(),
  }),
  /** ISO 8601, UTC. */
  ordered_at: z.iso.datetime({ offset: true }),
});
export type Order = z.infer<typeof order>;
