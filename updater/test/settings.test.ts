import assert from 'node:assert/strict';
import { test } from 'node:test';
import { SettingError } from '@shop/common';
import { readUpdaterSettings } from '../src/settings.ts';

test('the defaults are the documented ones', () => {
  assert.deepEqual(readUpdaterSettings({}), {
    UPDATE_INTERVAL_MS: 4_000,
    CUSTOMERS_INSERTED: 10,
    CUSTOMERS_MOVED: 5,
    CUSTOMERS_DELETED: 1,
    SEED: undefined,
  });
});

test('an empty SEED, as in docker-compose.yml, means no seed', () => {
  assert.equal(readUpdaterSettings({ SEED: '' }).SEED, undefined);
  assert.equal(readUpdaterSettings({ SEED: '0' }).SEED, 0);
});

for (const [key, value] of [
  ['UPDATE_INTERVAL_MS', '0'],
  ['CUSTOMERS_INSERTED', '-1'],
  ['CUSTOMERS_MOVED', 'five'],
  ['CUSTOMERS_DELETED', '1.5'],
  ['SEED', 'abc'],
  ['CUSTOMER_INSERTED', '10'],
] as const) {
  test(`${key}=${value} is refused by name`, () => {
    assert.throws(
      () => readUpdaterSettings({ [key]: value }),
      (error) => error instanceof SettingError && error.message.includes(key) && error.message.includes(value),
    );
  });
}
