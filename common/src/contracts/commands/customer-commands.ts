import { z } from 'zod';
import { customerId, envelope, seed, shortText, timed } from './fields.ts';

const fields = { ...envelope, target: z.literal('updater') };
const perTick = z.int().min(0).max(1_000).optional();

/** What the updater obeys. */
export const customerCommands = [
  z.strictObject({
    ...fields,
    ...timed,
    command: z.literal('set-customers'),
    inserted: perTick,
    moved: perTick,
    deleted: perTick,
    interval_ms: z.int().min(500).max(600_000).optional(),
  }),
  z.strictObject({
    ...fields,
    command: z.literal('register'),
    first_name: shortText.optional(),
    last_name: shortText.optional(),
    country: shortText.optional(),
  }),
  z.strictObject({ ...fields, command: z.literal('move'), customer_id: customerId }),
  z.strictObject({
    ...fields,
    command: z.literal('move-many'),
    share: z
      .number()
      .min(0.01)
      .max(1)
      .describe('Share of all customers who move. At most 20,000 customers move, and at most 500 a second.'),
    seconds: z.int().min(1).max(600).describe('The time within which they move, batch by batch.'),
    seed: seed.optional(),
  }),
  z.strictObject({ ...fields, command: z.literal('delete'), customer_id: customerId }),
  z.strictObject({
    ...fields,
    command: z.literal('add-product'),
    product: shortText.describe('Its name. The shop takes at most 100 products by command.'),
  }),
] as const;
