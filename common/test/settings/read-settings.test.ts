import assert from 'node:assert/strict';
import { test } from 'node:test';
import { z } from 'zod';
import { readSettings } from '../../src/settings/read-settings.ts';
import { SettingError } from '../../src/settings/setting-error.ts';
import {
  httpUrl,
  inOrder,
  integer,
  number,
  optionalInteger,
  text,
  topicName,
  topicNames,
} from '../../src/settings/setting-types.ts';

const settings = z.object({
  ORDERS_PER_SECOND: number(0.1, 100_000).default(5),
  QUANTITY_MAX: integer(1, 1000).default(5),
  SEED: optionalInteger(0, 2 ** 31),
  ORDERS_TOPIC: topicName().default('customer_orders'),
  TOPICS: topicNames().default(['a']),
  GROUP: text().default('g'),
  MODE: z.enum(['calm', 'fast'], 'one of calm, fast').default('calm'),
  SERVER_URL: httpUrl().default('http://connect:8083'),
});

test('unset variables take their defaults', () => {
  assert.deepEqual(readSettings(settings, {}), {
    ORDERS_PER_SECOND: 5,
    QUANTITY_MAX: 5,
    SEED: undefined,
    ORDERS_TOPIC: 'customer_orders',
    TOPICS: ['a'],
    GROUP: 'g',
    MODE: 'calm',
    SERVER_URL: 'http://connect:8083',
  });
});

test('reads values', () => {
  const env = {
    ORDERS_PER_SECOND: '0.5',
    QUANTITY_MAX: ' 7 ',
    SEED: '42',
    TOPICS: 'a, b.c',
    SERVER_URL: 'https://h:1/',
  };
  const values = readSettings(settings, env);
  assert.equal(values.ORDERS_PER_SECOND, 0.5);
  assert.equal(values.QUANTITY_MAX, 7);
  assert.equal(values.SEED, 42);
  assert.deepEqual(values.TOPICS, ['a', 'b.c']);
  assert.equal(values.SERVER_URL, 'https://h:1');
});

test('an empty optional number is undefined', () => {
  assert.equal(readSettings(settings, { SEED: '' }).SEED, undefined);
});

const refused: [key: keyof typeof settings.shape, value: string, expected: string][] = [
  ['ORDERS_PER_SECOND', '', 'a number from 0.1 to 100000'],
  ['ORDERS_PER_SECOND', 'five', 'a number from 0.1 to 100000'],
  ['ORDERS_PER_SECOND', '0', 'a number from 0.1 to 100000'],
  ['ORDERS_PER_SECOND', '1e9', 'a number from 0.1 to 100000'],
  ['ORDERS_PER_SECOND', '9'.repeat(400), 'a number from 0.1 to 100000'],
  ['QUANTITY_MAX', '2.5', 'a whole number from 1 to 1000'],
  ['QUANTITY_MAX', '1001', 'a whole number from 1 to 1000'],
  ['SEED', '-1', 'a whole number from 0 to 2147483648, or nothing'],
  ['SEED', ' ', 'a whole number from 0 to 2147483648, or nothing'],
  ['ORDERS_TOPIC', 'customer orders', "a topic name (letters, digits, '.', '_' and '-')"],
  ['TOPICS', 'a,,b', 'topic names separated by commas'],
  ['TOPICS', '', 'topic names separated by commas'],
  ['GROUP', ' ', 'a text'],
  ['MODE', 'slow', 'one of calm, fast'],
  ['SERVER_URL', 'connect:8083', 'an address that starts with http:// or https://'],
];

/** The message of the error that these settings are refused with. */
function refusal(schema: z.ZodObject, env: NodeJS.ProcessEnv): string {
  try {
    readSettings(schema, env);
  } catch (error) {
    assert.ok(error instanceof SettingError, String(error));
    return error.message;
  }
  return assert.fail(`takes ${JSON.stringify(env)}`);
}

for (const [key, value, expected] of refused)
  test(`refuses ${key}=${JSON.stringify(value.slice(0, 20))} in one line`, () => {
    assert.equal(
      refusal(settings, { [key]: value }),
      `docker-compose.yml (environment): ${key}: found ${JSON.stringify(value)}, expected ${expected}`,
    );
  });

test('names every setting that is wrong, in one line', () => {
  assert.equal(
    refusal(settings, { QUANTITY_MAX: 'many', ORDERS_TOPICS: 'a', GROUP: '' }),
    'docker-compose.yml (environment): ORDERS_TOPICS: found "a", expected no such setting; ORDERS_TOPIC was probably meant; ' +
      'also QUANTITY_MAX: found "many", expected a whole number from 1 to 1000; also GROUP: found "", expected a text',
  );
});

test('names a setting that is missing and has no default', () => {
  assert.equal(
    refusal(z.object({ CONNECT_URL: httpUrl() }), {}),
    'docker-compose.yml (environment): CONNECT_URL: found nothing, expected an address that starts with http:// or https://',
  );
});

test('never shows the value of a setting that may be a secret', () => {
  const secrets = z.object({ SERVICE_PASSWORD: z.string('8 letters').min(8, '8 letters') });
  assert.equal(
    refusal(secrets, { SERVICE_PASSWORD: 'hunter2' }),
    'docker-compose.yml (environment): SERVICE_PASSWORD: found a value that is not shown, expected 8 letters',
  );
  assert.doesNotMatch(refusal(secrets, { SERVICE_PASWORD: 'hunter2', SERVICE_PASSWORDS: 'hunter2' }), /hunter2/);
});

test('refuses limits in the wrong order, also when one of them is a default', () => {
  const limits = z
    .object({ QUANTITY_MIN: integer(1, 9).default(3), QUANTITY_MAX: integer(1, 9).default(5) })
    .check(inOrder('QUANTITY_MIN', 'QUANTITY_MAX'));
  const line = 'docker-compose.yml (environment): QUANTITY_MIN: found';
  assert.equal(refusal(limits, { QUANTITY_MIN: '6' }), `${line} "6", expected no more than QUANTITY_MAX, which is 5`);
  assert.equal(refusal(limits, { QUANTITY_MAX: '2' }), `${line} "3", expected no more than QUANTITY_MAX, which is 2`);
  assert.equal(
    refusal(limits, { QUANTITY_MIN: '8', QUANTITY_MAX: '0' }),
    'docker-compose.yml (environment): QUANTITY_MAX: found "0", expected a whole number from 1 to 9',
  );
  assert.deepEqual(readSettings(limits, { QUANTITY_MIN: '5' }), { QUANTITY_MIN: 5, QUANTITY_MAX: 5 });
});

test('refuses a misspelt name, and ignores foreign variables', () => {
  assert.throws(
    () => readSettings(settings, { ORDERS_PER_SECONDS: '5' }),
    /ORDERS_PER_SECONDS: .*ORDERS_PER_SECOND was probably meant/,
  );
  assert.ok(readSettings(settings, { HOME: '/', ORDERS_TOPIC: 'a', ORDER_TOPIC: 'b' }));
});
