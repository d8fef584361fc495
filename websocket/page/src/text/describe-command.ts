import type { CommandLine } from '../../../src/messages/commands.ts';
import { count, duration } from './format.ts';

type Fields = Record<string, unknown>;

/** A command acts within this time, or it has expired. */
const commandAgeMs = 60_000;

const known: Record<string, (fields: Fields) => string> = {
  'set-rate': ({ orders_per_second }) => `${count(Number(orders_per_second))} orders a second`,
  'set-quantity': ({ min, max }) => `${min} to ${max} pieces an order`,
  'set-traffic': ({ times = 1, seed: _, seconds: __, ...shares }) =>
    [`${times} × the usual orders`, ...Object.entries(shares).map(describeShare)].join(', '),
  'set-customers': (fields) => `customers: ${listFields(fields)}`,
  'set-refills': (fields) => `refills: ${listFields(fields)}`,
  order: ({ customer_id, product, quantity = 1 }) => `customer ${customer_id} orders ${quantity} × ${product}`,
  register: ({ first_name, country }) =>
    ['register', first_name, country && `in ${country}`].filter((part) => part !== undefined).join(' '),
  move: ({ customer_id }) => `customer ${customer_id} moves`,
  'move-many': ({ share, seconds }) => `${percent(share)} of all customers move within ${seconds} s`,
  delete: ({ customer_id }) => `customer ${customer_id} leaves`,
  freeze: ({ seconds }) => (seconds === undefined ? 'freeze' : `freeze for ${seconds} s`),
  slow: ({ ms_per_batch = 500 }) => `pause ${duration(Number(ms_per_batch))} before each batch`,
  normal: () => 'work at full speed',
  reset: () => 'back to the settings',
  scenario: ({ name }) => `scenario ${name}`,
};

const percent = (share: unknown) => `${Math.round(Number(share) * 100)} %`;

/** @param share such as `late_share` */
const describeShare = ([share, value]: [string, unknown]) =>
  `${percent(value)} ${share.replace(/_share$/, '').replaceAll('_', ' ')}`;

/** A command in a few words, without its target. */
export const describeCommand = (command: string, fields: Fields): string => known[command]?.(fields) ?? command;

const listFields = ({ seconds, ...fields }: Fields) =>
  [
    ...Object.entries(fields).map(([name, value]) =>
      name === 'interval_ms' ? `every ${duration(Number(value))}` : `${name} ${count(Number(value))}`,
    ),
    ...(seconds === undefined ? [] : [`for ${seconds} s`]),
  ].join(', ');

interface Fate {
  look: 'good' | 'unsure' | 'bad';
  word: 'waiting' | 'done' | 'refused' | 'expired';
  /** Why, for people. */
  reason: string | null;
}

/**
 * What became of a command that Kafka has.
 *
 * @param now the server's clock, ms since 1970
 */
export function fateOf({ target, at, result }: Pick<CommandLine, 'target' | 'at' | 'result'>, now: number): Fate {
  if (result) return { look: result.status === 'done' ? 'good' : 'bad', word: result.status, reason: result.reason };
  if (now - at > commandAgeMs)
    return { look: 'bad', word: 'expired', reason: `${target} did not read it within ${commandAgeMs / 1_000} s` };
  return { look: 'unsure', word: 'waiting', reason: `until ${target} reads it` };
}
