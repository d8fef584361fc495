import { z } from 'zod';

/** A message of `customer_orders`. */
export const order = z.looseObject({
  order_id: z.string().min(1).max(200).describe('UUIDv7.'),
  customer: z
    .looseObject({
      id: z.int(),
      first_name: z.string(),
      last_name: z.string(),
    })
    .describe('The customer when the order was placed.'),
  order: z.looseObject({
    id: z.int().describe("The product's id."),
    product: z.string().min(1).max(200),
    quantity: z.int().positive(),
  }),
  ordered_at: z.iso.datetime({ offset: true }).describe('ISO 8601 with `Z` or an offset.'),
});
export type Order = z.infer<typeof order>;
