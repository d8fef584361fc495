import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createOrderWindow } from '../../src/orders/order-window.ts';

test('tells a second copy inside the window, and not outside', () => {
  const window = createOrderWindow({ lengthMs: 100, limit: 10 });
  assert.equal(window.seenBefore('a', 0), false);
  assert.equal(window.seenBefore('a', 100), true);
  assert.equal(window.seenBefore('a', 101), false);
  assert.equal(window.seenBefore('a', 150), true);
});

test('never holds more than its limit', () => {
  const window = createOrderWindow({ lengthMs: 1_000_000, limit: 10 });
  for (let i = 0; i < 1_000; i++) window.seenBefore(`o-${i}`, i);
  assert.ok(window.size <= 11);
  assert.equal(window.seenBefore('o-999', 1_000), true);
  assert.equal(window.seenBefore('o-0', 1_000), false);
});

test('a length of nought remembers nothing', () => {
  const window = createOrderWindow({ lengthMs: 0, limit: 10 });
  assert.equal(window.seenBefore('a', 0), false);
  assert.equal(window.seenBefore('a', 0), false);
  assert.equal(window.size, 0);
});
