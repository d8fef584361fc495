import assert from 'node:assert/strict';
import { test } from 'node:test';
import { SettingError } from '@shop/common';
import { readOrderSettings } from '../src/settings.ts';

test('the defaults are the documented ones', () => {
  const defaults = { ORDERS_PER_SECOND: 5, QUANTITY_MIN: 1, QUANTITY_MAX: 5, SEED: undefined };
  assert.deepEqual(readOrderSettings({ SEED: '' }), defaults);
});

test('the rate may be a fraction', () => {
  assert.equal(readOrderSettings({ ORDERS_PER_SECOND: '0.1' }).ORDERS_PER_SECOND, 0.1);
});

for (const [key, value] of [
  ['ORDERS_PER_SECOND', '0'],
  ['ORDERS_PER_SECOND', 'fast'],
  ['QUANTITY_MIN', '0'],
  ['QUANTITY_MAX', '2.5'],
] as const) {
  test(`${key}=${value} is refused by name`, () => {
    assert.throws(
      () => readOrderSettings({ [key]: value }),
      (error) => error instanceof SettingError && error.message.includes(key) && error.message.includes(value),
    );
  });
}

test('a lower limit above the upper one is refused, and both are named', () => {
  assert.throws(() => readOrderSettings({ QUANTITY_MIN: '6' }), /QUANTITY_MIN: found "6", .*QUANTITY_MAX, which is 5/);
  assert.equal(readOrderSettings({ QUANTITY_MIN: '5' }).QUANTITY_MIN, 5);
});
