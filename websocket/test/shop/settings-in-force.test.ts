import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createSettingsInForce } from '../../src/shop/settings-in-force.ts';
import { buildAnswer, buildStatus, iso, start } from '../support/answers.ts';

function openSettings() {
  let now = start;
  const settings = createSettingsInForce(() => now);
  const answer = (command: string, details: object) =>
    settings.noteResult(buildAnswer('order-service', command, details));
  return {
    settings,
    answer,
    fieldsAt(ms: number) {
      now = start + ms;
      return settings.lines().find(({ target }) => target === 'order-service')?.fields;
    },
  };
}

test('what commands have set adds up, and reset replaces it', () => {
  const { answer, fieldsAt } = openSettings();
  answer('set-rate', { orders_per_second: 200 });
  answer('set-quantity', { min: 1, max: 9 });
  answer('set-rate', { orders_per_second: 300, status: 'refused' });
  answer('order', { order_id: 'a', customer_id: 7, product: 'toy', quantity: 2 });
  assert.deepEqual(fieldsAt(0), { orders_per_second: 200, min: 1, max: 9 });
  answer('reset', { orders_per_second: 5, min: 1, max: 5 });
  assert.deepEqual(fieldsAt(0), { orders_per_second: 5, min: 1, max: 5 });
});

test('the last command with a time ends them all', () => {
  const { answer, fieldsAt } = openSettings();
  answer('set-quantity', { min: 1, max: 9 });
  answer('set-traffic', { orders_per_second: 250, seconds: 30 });
  answer('set-rate', { orders_per_second: 20 });
  assert.deepEqual(fieldsAt(29_999), { orders_per_second: 20, min: 1, max: 9 });
  assert.equal(fieldsAt(30_000), undefined);
  answer('set-rate', { orders_per_second: 10, at: iso(31_000) });
  assert.deepEqual(fieldsAt(31_000), { orders_per_second: 10 });
});

test('a restart of the service ends them', () => {
  const { settings, answer, fieldsAt } = openSettings();
  answer('set-rate', { orders_per_second: 200 });
  settings.noteStatus(buildStatus('order-service', 3_000));
  assert.deepEqual(fieldsAt(3_000), { orders_per_second: 200 });
  settings.noteStatus(buildStatus('order-service', 6_000, { started_at: iso(5_000) }));
  assert.equal(fieldsAt(6_000), undefined);
});

test('an answer without a setting sets nothing', () => {
  const { settings } = openSettings();
  settings.noteResult(buildAnswer('updater', 'move-many', { customers: 30, seconds: 60 }));
  settings.noteResult(buildAnswer('updater', 'register', { customer_id: 7, first_name: 'Ada' }));
  assert.deepEqual(settings.lines(), []);
});
