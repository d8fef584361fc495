import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  choiceSetting,
  integerSetting,
  numberSetting,
  optionalIntegerSetting,
  readEnvironment,
  textSetting,
  topicListSetting,
  topicSetting,
  urlSetting,
} from '../../src/settings/environment.ts';
import { SettingError } from '../../src/settings/setting-error.ts';

const settings = {
  ORDERS_PER_SECOND: numberSetting({ min: 0.1, max: 100_000, fallback: 5 }),
  QUANTITY_MAX: integerSetting({ min: 1, max: 1000, fallback: 5 }),
  SEED: optionalIntegerSetting({ min: 0, max: 2 ** 31 }),
  ORDERS_TOPIC: topicSetting('customer_orders'),
  TOPICS: topicListSetting(['a']),
  GROUP: textSetting('g'),
  MODE: choiceSetting(['calm', 'fast'], 'calm'),
  SERVER_URL: urlSetting('http://connect:8083'),
};

test('unset variables take their defaults', () => {
  assert.deepEqual(readEnvironment(settings, {}), {
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
  const values = readEnvironment(settings, env);
  assert.equal(values.ORDERS_PER_SECOND, 0.5);
  assert.equal(values.QUANTITY_MAX, 7);
  assert.equal(values.SEED, 42);
  assert.deepEqual(values.TOPICS, ['a', 'b.c']);
  assert.equal(values.SERVER_URL, 'https://h:1');
});

const refused: [key: keyof typeof settings, value: string][] = [
  ['ORDERS_PER_SECOND', ''],
  ['ORDERS_PER_SECOND', 'five'],
  ['ORDERS_PER_SECOND', '0'],
  ['ORDERS_PER_SECOND', '1e9'],
  ['QUANTITY_MAX', '2.5'],
  ['QUANTITY_MAX', '1001'],
  ['SEED', '-1'],
  ['ORDERS_TOPIC', 'customer orders'],
  ['TOPICS', 'a,,b'],
  ['GROUP', ' '],
  ['MODE', 'slow'],
  ['SERVER_URL', 'connect:8083'],
];

for (const [key, value] of refused)
  test(`refuses ${key}=${JSON.stringify(value)} in one line`, () => {
    assert.throws(
      () => readEnvironment(settings, { [key]: value }),
      (error: unknown) => {
        assert.ok(error instanceof SettingError);
        assert.equal(
          error.message,
          `docker-compose.yml (environment): ${key}: found ${JSON.stringify(value)}, expected ${settings[key].expected}`,
        );
        return true;
      },
    );
  });

test('refuses a slip of a known name, and leaves foreign variables alone', () => {
  assert.throws(
    () => readEnvironment(settings, { ORDERS_PER_SECONDS: '5' }),
    /ORDERS_PER_SECONDS: .*ORDERS_PER_SECOND was probably meant/,
  );
  assert.ok(readEnvironment(settings, { HOME: '/', ORDERS_TOPIC: 'a', ORDER_TOPIC: 'b' }));
});
