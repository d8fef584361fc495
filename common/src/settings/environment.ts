import { z } from 'zod';
import { findNearMiss } from './near-miss.ts';
import { hidden, SettingError } from './setting-error.ts';

/** Where a service's own settings stand, for messages. */
const home = 'docker-compose.yml (environment)';

/** Reads one variable: gets its text (`undefined` when unset), gives its value or throws what was expected. */
export interface Setting<T> {
  readonly expected: string;
  readonly secret?: boolean;
  read(text: string | undefined): T;
}

class Unreadable extends Error {}

/** A reader from a zod schema, for settings that only one service has. */
export function schemaSetting<T>(expected: string, schema: z.ZodType<T, string>, fallback: T | undefined): Setting<T> {
  return {
    expected,
    read(text) {
      if (text === undefined && fallback !== undefined) return fallback;
      const parsed = schema.safeParse(text);
      if (!parsed.success) throw new Unreadable();
      return parsed.data;
    },
  };
}

const numeric = (pattern: RegExp) => z.string().trim().regex(pattern).transform(Number);

/** A whole number within limits, both included. */
export function integerSetting({
  min,
  max,
  fallback,
}: {
  min: number;
  max: number;
  fallback?: number;
}): Setting<number> {
  return schemaSetting(
    `a whole number from ${min} to ${max}`,
    numeric(/^-?\d+$/).pipe(z.int().min(min).max(max)),
    fallback,
  );
}

/** A number within limits, both included. */
export function numberSetting({
  min,
  max,
  fallback,
}: {
  min: number;
  max: number;
  fallback?: number;
}): Setting<number> {
  return schemaSetting(
    `a number from ${min} to ${max}`,
    numeric(/^-?\d+(\.\d+)?$/).pipe(z.number().min(min).max(max)),
    fallback,
  );
}

/** A whole number, or `undefined` when the variable is unset or empty. */
export function optionalIntegerSetting({ min, max }: { min: number; max: number }): Setting<number | undefined> {
  const inner = integerSetting({ min, max });
  return { expected: `${inner.expected}, or nothing`, read: (text) => (text ? inner.read(text) : undefined) };
}

const topicName = z
  .string()
  .trim()
  .regex(/^[a-zA-Z0-9._-]{1,249}$/);

/** A Kafka topic name. */
export function topicSetting(fallback?: string): Setting<string> {
  return schemaSetting("a topic name (letters, digits, '.', '_' and '-')", topicName, fallback);
}

/** Topic names, separated by commas. */
export function topicListSetting(fallback?: string[]): Setting<string[]> {
  const list = z
    .string()
    .transform((text) => text.split(',').map((name) => name.trim()))
    .pipe(z.array(topicName).min(1));
  return schemaSetting('topic names separated by commas', list, fallback);
}

/** Any text but the empty one. */
export function textSetting(fallback?: string): Setting<string> {
  return schemaSetting('a text', z.string().trim().min(1), fallback);
}

/** One word out of a few. */
export function choiceSetting<const T extends string>(choices: readonly T[], fallback?: T): Setting<T> {
  return schemaSetting(`one of ${choices.join(', ')}`, z.enum(choices), fallback);
}

/** An http or https address, without a slash at its end. */
export function urlSetting(fallback?: string): Setting<string> {
  const url = z.url({ protocol: /^https?$/ }).transform((text) => text.replace(/\/+$/, ''));
  return schemaSetting('an address that starts with http:// or https://', url, fallback);
}

type Values<S> = { readonly [K in keyof S]: S[K] extends Setting<infer T> ? T : never };

/**
 * Reads a service's own settings from the environment, which docker-compose.yml fills.
 *
 * @param settings one reader per variable name
 * @throws SettingError for the first value that cannot be used, and for a name that is a slip of a known one
 */
export function readEnvironment<S extends Record<string, Setting<unknown>>>(
  settings: S,
  env: NodeJS.ProcessEnv,
): Values<S> {
  refuseNearMisses(Object.keys(settings), env);
  const values: Record<string, unknown> = {};
  for (const [key, setting] of Object.entries(settings)) {
    try {
      values[key] = setting.read(env[key]);
    } catch (cause) {
      if (!(cause instanceof Unreadable)) throw cause;
      const found = setting.secret ? hidden : env[key];
      throw new SettingError({ file: home, key, found, expected: setting.expected });
    }
  }
  return Object.freeze(values) as Values<S>;
}

function refuseNearMisses(known: string[], env: NodeJS.ProcessEnv): void {
  const unset = known.filter((key) => env[key] === undefined && key.length >= 8);
  for (const key of Object.keys(env)) {
    const meant = known.includes(key) ? undefined : findNearMiss(key, unset);
    if (meant)
      throw new SettingError({
        file: home,
        key,
        found: env[key],
        expected: `no such setting; ${meant} was probably meant`,
      });
  }
}

/**
 * For two settings that are the limits of a range.
 *
 * @throws SettingError when the lower limit is above the upper one
 */
export function refuseReversedLimits<K extends string>(values: Readonly<Record<K, number>>, lower: K, upper: K): void {
  if (values[lower] <= values[upper]) return;
  throw new SettingError({
    file: home,
    key: lower,
    found: String(values[lower]),
    expected: `no more than ${upper}, which is ${values[upper]}`,
  });
}
