import { z } from 'zod';

/** A message of `inventory_refills`; key: the product. A refill is an amount added, not a level. */
export const refill = z.looseObject({
  /** The product's id. */
  id: z.int(),
  product: z.string().min(1).max(200),
  refill: z.int().positive(),
  /** UUIDv7. */
  refill_id: z.string().min(1),
  /** ISO 8601, UTC. */
  refilled_at: z.iso.datetime({ offset: true }),
});
export type Refill = z.infer<typeof refill>;
