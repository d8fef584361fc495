import { z } from 'zod';

/** A message of `customer_orders`; key: the customer's id as text. It never carries an address. */
export const order = z.looseObject({
  order: z.looseObject({
    /** The customer's id. */
    id: z.int(),
    product: z.string().min(1).max(200),
    quantity: z.int().positive(),
  }),
  /** UUIDv7. */
  order_id: z.string().min(1).max(200),
  /** ISO 8601, UTC. */
  ordered_at: z.iso.datetime({ offset: true }),
});
export type Order = z.infer<typeof order>;
