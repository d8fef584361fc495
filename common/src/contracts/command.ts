import { z } from 'zod';

/** Every service that obeys commands, by its name in docker-compose.yml. */
const services = [
  'updater',
  'order-service',
  'shipping-service',
  'refill-inventory',
  'websocket',
  'connector',
  'ksql',
  'audit',
] as const;

const envelope = {
  command_id: z.uuid().describe('A UUID. A command that is sent twice under one id acts once.'),
  issued_at: z.iso.datetime({ offset: true }).describe('When the user asked for it. A command acts within 60 s.'),
};

const customerId = z.int().positive();
/** A name or country as a visitor types it: one line, not blank. */
const shortText = z
  .string()
  .trim()
  .min(1)
  .max(60)
  .regex(/^[^\p{C}]*$/u, 'Invalid string: expected one line without control characters');
const perTick = z.int().min(0).max(1_000).optional();
const pieces = z.int().min(1).max(10_000).optional();

/**
 * A message of `shop_commands`. Every value has a ceiling that the fleet survives. An unknown field is refused, because it is a typing error that would otherwise have no effect.
 */
export const command = z.discriminatedUnion('command', [
  z.strictObject({
    ...envelope,
    target: z.literal('order-service'),
    command: z.literal('set-rate'),
    orders_per_second: z.number().min(0.001).max(2_000),
  }),
  z.strictObject({
    ...envelope,
    target: z.literal('order-service'),
    command: z.literal('set-quantity'),
    min: z.int().min(1).max(1_000).describe('Fewest pieces in an order.'),
    max: z.int().min(1).max(1_000).describe('Most pieces in an order.'),
  }),
  z.strictObject({
    ...envelope,
    target: z.literal('order-service'),
    command: z.literal('order'),
    customer_id: customerId,
    product: shortText,
    quantity: z.int().min(1).max(1_000).optional(),
  }),
  z.strictObject({
    ...envelope,
    target: z.literal('updater'),
    command: z.literal('set-customers'),
    inserted: perTick,
    moved: perTick,
    deleted: perTick,
    interval_ms: z.int().min(500).max(600_000).optional(),
  }),
  z.strictObject({
    ...envelope,
    target: z.literal('updater'),
    command: z.literal('register'),
    first_name: shortText.optional(),
    last_name: shortText.optional(),
    country: shortText.optional(),
  }),
  z.strictObject({ ...envelope, target: z.literal('updater'), command: z.literal('move'), customer_id: customerId }),
  z.strictObject({ ...envelope, target: z.literal('updater'), command: z.literal('delete'), customer_id: customerId }),
  z.strictObject({
    ...envelope,
    target: z.literal('refill-inventory'),
    command: z.literal('set-refills'),
    min: pieces.describe('Fewest pieces added to each product.'),
    max: pieces.describe('Most pieces added to each product.'),
    interval_ms: z.int().min(500).max(600_000).optional(),
  }),
  z.strictObject({
    ...envelope,
    target: z.literal('shipping-service'),
    command: z.literal('slow'),
    ms_per_batch: z.int().min(1).max(2_000).optional(),
  }),
  z.strictObject({ ...envelope, target: z.literal('shipping-service'), command: z.literal('normal') }),
  /** Back to the settings of docker-compose.yml. */
  z.strictObject({
    ...envelope,
    target: z.enum(['order-service', 'updater', 'refill-inventory']),
    command: z.literal('reset'),
  }),
  z.strictObject({ ...envelope, target: z.enum(services), command: z.literal('crash') }),
  z.strictObject({
    ...envelope,
    target: z.enum(services),
    command: z.literal('freeze'),
    seconds: z.int().min(1).max(30).optional(),
  }),
]);
export type Command = z.infer<typeof command>;

type Named<C, K extends PropertyKey> = C extends unknown ? Omit<C, K> : never;

/** A command without its id and time. */
export type CommandRequest = Named<Command, keyof typeof envelope>;

/** A message of `shop_command_results`. Details of the command, such as an order's id, follow as fields. */
export const commandResult = z.looseObject({
  command_id: z.string(),
  target: z.string(),
  instance: z.string().describe('The instance that answers.'),
  command: z.string(),
  status: z
    .enum(['done', 'refused', 'expired'])
    .describe('`expired`: the service read it too late. `refused`: it was not obeyed.'),
  reason: z.string().optional().describe('Why it was not obeyed.'),
  at: z.string().describe('When this was written, ISO 8601.'),
});
export type CommandResult = z.infer<typeof commandResult>;
