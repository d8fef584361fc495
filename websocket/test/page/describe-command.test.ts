import assert from 'node:assert/strict';
import { test } from 'node:test';
import { describeCommand, fateOf } from '../../page/src/text/describe-command.ts';

const target = 'updater';
const result = { instance: 'a', at: 2_000, details: {}, reason: null };

test('a command waits until its service answers, and has expired after a minute', () => {
  const line = { target, at: 1_000, result: null };
  assert.deepEqual(fateOf(line, 2_000), { look: 'unsure', word: 'waiting', reason: 'until updater reads it' });
  const { word, reason } = fateOf(line, 61_001);
  assert.deepEqual([word, reason], ['expired', 'updater did not read it within 60 s']);
});

test('the answer decides, also when it comes late', () => {
  assert.equal(fateOf({ target, at: 0, result: { ...result, status: 'done' } }, 100_000).word, 'done');
  const refused = fateOf(
    { target, at: 0, result: { ...result, status: 'refused', reason: 'there is no customer 7' } },
    1,
  );
  assert.deepEqual(refused, { look: 'bad', word: 'refused', reason: 'there is no customer 7' });
});

test('commands are described by what they do', () => {
  assert.equal(describeCommand('set-rate', { orders_per_second: 2_000 }), '2,000 orders a second');
  assert.equal(
    describeCommand('set-customers', { inserted: 0, interval_ms: 4_000 }),
    'customers: inserted 0, every 4.0 s',
  );
  assert.equal(describeCommand('set-customers', { seconds: 60, moved: 0 }), 'customers: moved 0, for 60 s');
  assert.equal(describeCommand('register', { country: 'Norway' }), 'register in Norway');
  const sale = { times: 50, one_product_share: 1, seconds: 30, seed: 1 };
  assert.equal(describeCommand('set-traffic', sale), '50 × the usual orders, 100 % one product');
  assert.equal(describeCommand('move-many', { share: 0.333, seconds: 60 }), '33 % of all customers move within 60 s');
  assert.equal(describeCommand('unheard-of', {}), 'unheard-of');
});
