import assert from 'node:assert/strict';
import test from 'node:test';
import { createSuspects } from '../../src/orders/suspects.ts';

const passedMs = 1_000;
const passed = { problem: 'lost', topic: 'customer_orders', partition: 0, offset: 4 };

/** Opens suspects for an order of customer 7, or for a message that is no order. */
function openSuspects({ committedUpTo = 0, customerId = 7 as number | null, known = new Set([7]) } = {}) {
  const partition = { committedUpTo, customerOf: () => customerId ?? undefined };
  const partitionOf = () =>
    partition as unknown as ReturnType<Parameters<typeof createSuspects>[0]['orders']['partitionOf']>;
  return createSuspects({ orders: { partitionOf }, isKnown: (id) => known.has(id), passedMs });
}

test('an order that shipping-service has passed is lost when two rounds agree', () => {
  const suspects = openSuspects({ committedUpTo: 5, known: new Set() });
  assert.deepEqual(suspects.confirm([passed], 0), []);
  assert.equal(suspects.unconfirmed, 1);
  assert.deepEqual(suspects.confirm([passed], 1), [passed]);
  assert.equal(suspects.unconfirmed, 0);
});

test('any other service may ship it later, until it was passed for long', () => {
  const suspects = openSuspects({ committedUpTo: 4 });
  assert.deepEqual(suspects.confirm([passed], 0), []);
  assert.deepEqual(suspects.confirm([passed], passedMs - 1), []);
  assert.equal(suspects.unconfirmed, 0, 'the next round decides nothing');
  assert.deepEqual(suspects.confirm([passed], passedMs), [passed]);
  assert.deepEqual(suspects.confirm([], passedMs), [], 'it was shipped');
  assert.deepEqual(suspects.confirm([passed], passedMs), [], 'and its time starts over');
});

test('no time counts while ksqlDB does not have the customer', () => {
  const known = new Set<number>();
  const suspects = openSuspects({ known });
  for (const now of [0, passedMs, 9 * passedMs]) assert.deepEqual(suspects.confirm([passed], now), []);
  known.add(7);
  assert.deepEqual(suspects.confirm([passed], 9 * passedMs), []);
  assert.deepEqual(suspects.confirm([passed], 10 * passedMs), [passed]);
});

test('a message that is no order needs no customer', () => {
  const suspects = openSuspects({ customerId: null, known: new Set() });
  assert.deepEqual(suspects.confirm([passed], 0), []);
  assert.deepEqual(suspects.confirm([passed], passedMs), [passed]);
});
