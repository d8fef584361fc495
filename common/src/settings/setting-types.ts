import { z } from 'zod';

/*
 * Zod schemas of settings. The environment has only texts, so each of them reads a text. Every error message says what was
 * expected; `readSettings` adds the rest of the line.
 */

/** A number, both limits included. */
export const number = (min: number, max: number) =>
  numeric(/^-?\d+(\.\d+)?$/, min, max, `a number from ${min} to ${max}`);

/** A whole number, both limits included. */
export const integer = (min: number, max: number) => numeric(/^-?\d+$/, min, max, wholeNumber(min, max));

/** A whole number, or `undefined` when the variable is unset or empty: docker-compose.yml passes an unset one on as empty. */
export const optionalInteger = (min: number, max: number) =>
  z.preprocess(
    (text) => (text === '' ? undefined : text),
    numeric(/^-?\d+$/, min, max, `${wholeNumber(min, max)}, or nothing`).optional(),
  );

/** Any text but the empty one. */
export const text = () => z.string('a text').trim().min(1, 'a text');

/** The name of a Kafka topic. */
export const topicName = () => topic("a topic name (letters, digits, '.', '_' and '-')");

/** Names of Kafka topics, separated by commas. */
export const topicNames = () => {
  const expected = 'topic names separated by commas';
  return z
    .string(expected)
    .transform((list) => list.split(','))
    .pipe(z.array(topic(expected)));
};

/** An http or https address, without a slash at its end. */
export const httpUrl = () =>
  z
    .url({ protocol: /^https?$/, error: 'an address that starts with http:// or https://' })
    .transform((address) => address.replace(/\/+$/, ''));

/** Checks an object of settings: `lower` must not be above `upper`. Pass it to `check`. */
export function inOrder<K extends string>(lower: K, upper: K): z.core.CheckFn<Record<K, number>> {
  return ({ value, issues }) => {
    if (issues.length > 0 || value[lower] <= value[upper]) return;
    const message = `no more than ${upper}, which is ${value[upper]}`;
    issues.push({ code: 'custom', path: [lower], input: value[lower], message });
  };
}

const wholeNumber = (min: number, max: number) => `a whole number from ${min} to ${max}`;

const numeric = (pattern: RegExp, min: number, max: number, expected: string) =>
  z
    .string(expected)
    .trim()
    .regex(pattern, expected)
    .transform(Number)
    .pipe(z.number(expected).min(min, expected).max(max, expected));

const topic = (expected: string) =>
  z
    .string(expected)
    .trim()
    .regex(/^[a-zA-Z0-9._-]{1,249}$/, expected);
