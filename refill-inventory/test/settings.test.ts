import assert from 'node:assert/strict';
import { test } from 'node:test';
import { SettingError } from '@shop/common';
import { readRefillSettings } from '../src/settings.ts';

test('the defaults are the documented ones', () => {
  const defaults = { REFILL_INTERVAL_MS: 10_000, REFILL_MIN: 20, REFILL_MAX: 60, SEED: undefined };
  assert.deepEqual(readRefillSettings({ SEED: '' }), defaults);
});

for (const [key, value] of [
  ['REFILL_INTERVAL_MS', '0'],
  ['REFILL_MIN', '0'],
  ['REFILL_MAX', 'many'],
  ['SEED', '-3'],
] as const) {
  test(`${key}=${value} is refused by name`, () => {
    assert.throws(
      () => readRefillSettings({ [key]: value }),
      (error) => error instanceof SettingError && error.message.includes(key) && error.message.includes(value),
    );
  });
}

test('a lower limit above the upper one is refused, and both are named', () => {
  assert.throws(() => readRefillSettings({ REFILL_MIN: '61' }), /REFILL_MIN: found "61", .*REFILL_MAX, which is 60/);
});
