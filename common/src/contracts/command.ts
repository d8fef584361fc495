import { z } from 'zod';
import { customerCommands } from './commands/customer-commands.ts';
import { envelope, seed, timed } from './commands/fields.ts';
import { orderCommands } from './commands/order-commands.ts';

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

/** The servers, by the names that `npm start` gives their processes. Only `npm start` obeys: it owns the processes. */
export const servers = ['kafka', 'connect', 'postgres_start', 'ksqldb'] as const;

const pieces = z.int().min(1).max(10_000).optional();

/**
 * A message of `shop_commands`. Every value has a ceiling that the fleet survives. An unknown field is refused, because it is a typing error that would otherwise have no effect.
 */
export const command = z.discriminatedUnion('command', [
  ...orderCommands,
  ...customerCommands,
  z.strictObject({
    ...envelope,
    ...timed,
    target: z.literal('refill-inventory'),
    command: z.literal('set-refills'),
    min: pieces.describe('Fewest pieces added to each product.'),
    max: pieces.describe('Most pieces added to each product.'),
    interval_ms: z.int().min(500).max(600_000).optional(),
  }),
  z.strictObject({
    ...envelope,
    ...timed,
    target: z.literal('shipping-service'),
    command: z.literal('slow'),
    ms_per_batch: z.int().min(1).max(2_000).optional(),
  }),
  z.strictObject({ ...envelope, target: z.literal('shipping-service'), command: z.literal('normal') }),
  z.strictObject({
    ...envelope,
    target: z.literal('websocket'),
    command: z.literal('scenario'),
    name: z
      .string()
      .regex(/^[a-z0-9-]{1,40}$/, 'Invalid string: expected a name such as flash-sale')
      .describe('A file of common/scenarios, without `.yaml`.'),
    seed: seed.optional(),
  }),
  /** Back to the settings of docker-compose.yml; for `websocket`: ends the scenario that it runs. */
  z.strictObject({
    ...envelope,
    target: z.enum(['order-service', 'updater', 'refill-inventory', 'shipping-service', 'websocket']),
    command: z.literal('reset'),
  }),
  z.strictObject({ ...envelope, target: z.enum([...services, ...servers]), command: z.literal('crash') }),
  z.strictObject({
    ...envelope,
    target: z.enum([...services, ...servers]),
    command: z.literal('freeze'),
    seconds: z.int().min(1).max(30).optional(),
  }),
  z.strictObject({
    ...envelope,
    target: z.enum(['shipping-service', 'ksql', 'audit']),
    command: z.literal('lose-ksqldb'),
    seconds: z.int().min(1).max(60).optional().describe('How long its requests to ksqlDB fail; 20 by default.'),
  }),
]);
export type Command = z.infer<typeof command>;

/** Whether the command changes settings and may say for how long. */
export const isTimed = (name: string): boolean => timedNames.has(name);
const timedNames = new Set<string>(
  command.options
    .filter(({ shape }) => 'seconds' in shape && shape.seconds === timed.seconds)
    .map(({ shape }) => shape.command.value),
);

type Without<C, K extends PropertyKey> = C extends unknown ? Omit<C, K> : never;

/** A command without its id and time. */
export type CommandRequest = Without<Command, keyof typeof envelope>;

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
  recovered_at: z
    .string()
    .optional()
    .describe('When a server was up again, ISO 8601. It comes with a second message, some time after the first one.'),
  at: z.string().describe('When this was written, ISO 8601.'),
});
export type CommandResult = z.infer<typeof commandResult>;
