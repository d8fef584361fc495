import { z } from 'zod';
import { customerId, envelope, seed, shortText, timed } from './fields.ts';

const fields = { ...envelope, target: z.literal('order-service') };
const share = (most: number) => z.number().min(0).max(most).optional();

/** What order-service obeys. */
export const orderCommands = [
  z.strictObject({
    ...fields,
    ...timed,
    command: z.literal('set-rate'),
    orders_per_second: z.number().min(0.001).max(2_000),
  }),
  z.strictObject({
    ...fields,
    ...timed,
    command: z.literal('set-quantity'),
    min: z.int().min(1).max(1_000).describe('Fewest pieces in an order.'),
    max: z.int().min(1).max(1_000).describe('Most pieces in an order.'),
  }),
  z.strictObject({
    ...fields,
    ...timed,
    command: z.literal('set-traffic'),
    times: z
      .number()
      .min(0.01)
      .max(50)
      .optional()
      .describe('Factor of the rate in the settings; 1 by default. At most 2,000 orders per second result.'),
    one_product_share: share(1).describe(
      'Share of the orders that are for one product. 0 by default, as for each share.',
    ),
    one_customer_share: share(1).describe('Share of the orders that are by one customer.'),
    late_share: share(1).describe('Share of the orders whose `ordered_at` is up to an hour ago.'),
    sent_twice_share: share(0.5).describe('Share of the orders that are sent twice.'),
    unreadable_share: share(0.5).describe('Unreadable messages that are sent beside the orders, as a share of these.'),
    seed: seed.optional(),
  }),
  z.strictObject({
    ...fields,
    command: z.literal('order'),
    customer_id: customerId,
    product: shortText,
    quantity: z.int().min(1).max(1_000).optional(),
  }),
] as const;
