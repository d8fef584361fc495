import assert from 'node:assert/strict';
import { test } from 'node:test';
import { customerChange, order } from '@shop/common';
import { buildChange, buildCustomer, buildMessage, buildNewOrder, buildOrder } from '../src/build-messages.ts';

test("the schemas accept the builders' messages", () => {
  for (const built of [buildOrder('o-1', 7), buildNewOrder(7)]) assert.deepEqual(order.parse(built), built);
  for (const op of ['c', 'u', 'r', 'd'] as const) {
    const change = buildChange(op, buildCustomer(7));
    assert.deepEqual(customerChange.parse(change), change);
  }
});

test('an object becomes JSON, and null a tombstone', () => {
  assert.equal(String(buildMessage(1, { n: 1 }).value), '{"n":1}');
  assert.equal(buildMessage(1, null).value, null);
});
