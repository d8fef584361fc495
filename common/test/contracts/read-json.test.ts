import assert from 'node:assert/strict';
import { test } from 'node:test';
import { order } from '../../src/contracts/order.ts';
import { readJson, UnreadableMessage } from '../../src/contracts/read-json.ts';

const good = {
  order_id: '0193',
  customer: { id: 7, first_name: 'Ada', last_name: 'Meier' },
  order: { id: 1, product: 'toy', quantity: 2 },
  ordered_at: '2026-11-22T10:00:00.000Z',
};
/** A good order with an unknown field of nested arrays. */
const deep = (levels: number) =>
  Buffer.from(
    JSON.stringify({ ...good, gift: 0 }).replace('"gift":0', `"gift":${'['.repeat(levels)}${']'.repeat(levels)}`),
  );
const bytes = (value: unknown) => Buffer.from(JSON.stringify(value));

test('reads an order and keeps fields it does not know', () => {
  assert.deepEqual(readJson(bytes({ ...good, gift: true }), order), { ...good, gift: true });
});

const unreadable: [what: string, value: Buffer | null, code: string, message: RegExp][] = [
  ['a tombstone', null, 'tombstone', /no value/],
  ['invalid JSON', Buffer.from('{"order":'), 'invalid_json', /not JSON/],
  ['an empty value', Buffer.alloc(0), 'invalid_json', /not JSON/],
  [
    'bytes that are not UTF-8',
    Buffer.from(JSON.stringify(good).replace('toy', 'caf\xe9'), 'latin1'),
    'invalid_json',
    /not JSON/,
  ],
  ['20,000 nested arrays', deep(20_000), 'nested_too_deeply', /nested deeper than 1000 levels/],
  ['another shape', bytes([]), 'wrong_shape', /the value/],
  ['a text for a number', bytes({ ...good, order: { ...good.order, id: '7' } }), 'wrong_shape', /order\.id/],
  [
    'the form of releases before 0.2, in which order.id was the customer,',
    bytes({ order_id: '0193', order: good.order, ordered_at: good.ordered_at }),
    'wrong_shape',
    /customer/,
  ],
  ['a quantity of nought', bytes({ ...good, order: { ...good.order, quantity: 0 } }), 'wrong_shape', /order\.quantity/],
  [
    'an id beyond 2^53',
    Buffer.from(JSON.stringify(good).replace('7', '9007199254740993')),
    'wrong_shape',
    /customer\.id/,
  ],
  ['a missing order_id', bytes({ ...good, order_id: undefined }), 'wrong_shape', /order_id/],
  ['a time that is none', bytes({ ...good, ordered_at: 'today' }), 'wrong_shape', /ordered_at/],
];

for (const [what, value, code, message] of unreadable)
  test(`says why ${what} cannot be read`, () => {
    assert.throws(
      () => readJson(value, order),
      (error: unknown) => error instanceof UnreadableMessage && error.code === code && message.test(error.message),
    );
  });

test('reads JSON that is nested as deep as ksqlDB allows', () => {
  assert.equal(readJson(deep(999), order).order_id, '0193');
  assert.throws(() => readJson(deep(1_000), order), /nested deeper/);
});

test('brackets inside of texts are no nesting', () => {
  const gift = '\\\\"[{'.repeat(2_000);
  assert.equal(readJson(bytes({ ...good, gift }), order)['gift'], gift);
});
