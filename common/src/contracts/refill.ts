import { z } from 'zod';

/** A message of `inventory_refills`. */
export const refill = z.looseObject({
  id: z.int().describe("The product's id."),
  product: z.string().min(1).max(200),
  refill: z.int().positive().describe('The amount that was added.'),
  refill_id: z.string().min(1).describe('UUIDv7.'),
  refilled_at: z.iso.datetime({ offset: true }).describe('ISO 8601 with `Z` or an offset.'),
});
export type Refill = z.infer<typeof refill>;
