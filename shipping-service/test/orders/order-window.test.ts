import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { rememberedOrders } from '@shop/common';
import fc from 'fast-check';
import { createOrderWindow } from '../../src/orders/order-window.ts';

test('recognizes a second copy inside the window, and not outside', () => {
  const window = createOrderWindow({ lengthMs: 100, limit: 10 });
  assert.equal(window.seenBefore('a', 0), false);
  assert.equal(window.seenBefore('a', 100), true);
  assert.equal(window.seenBefore('a', 101), false);
  assert.equal(window.seenBefore('a', 150), true);
});

test('never holds more than its limit', () => {
  const window = createOrderWindow({ lengthMs: 1_000_000, limit: 10 });
  for (let i = 0; i < 1_000; i++) window.seenBefore(`o-${i}`, i);
  assert.equal(window.size, 10);
  assert.equal(window.seenBefore('o-999', 1_000), true);
  assert.equal(window.seenBefore('o-0', 1_000), false);
});

test('a window of length 0 remembers nothing', () => {
  const window = createOrderWindow({ lengthMs: 0, limit: 10 });
  assert.equal(window.seenBefore('a', 0), false);
  assert.equal(window.seenBefore('a', 0), false);
  assert.equal(window.size, 0);
});

test('ids that differ only in a lone surrogate are different', () => {
  const window = createOrderWindow({ lengthMs: 100, limit: 10 });
  assert.equal(window.seenBefore('\ud800', 0), false);
  assert.equal(window.seenBefore('\ud801', 0), false);
});

test('gives the same answers as a plain list of ids and times, for any sequence', () => {
  // Few ids, so that they come back; few places, so that they are given again; times that also go back.
  const order = fc.tuple(fc.integer({ min: 0, max: 30 }).map(String), fc.integer({ min: -5, max: 20 }));
  fc.assert(
    fc.property(fc.array(order, { maxLength: 300 }), fc.integer({ min: 1, max: 20 }), (orders, limit) => {
      const window = createOrderWindow({ lengthMs: 50, limit });
      let left: { id: string; at: number }[] = [];
      let now = 0;
      for (const [id, step] of orders) {
        now += step;
        const young = left.findIndex(({ at }) => now - at <= 50);
        left = young < 0 ? [] : left.slice(young);
        const isKnown = left.some((each) => each.id === id);
        if (!isKnown) left = [...left, { id, at: now }].slice(-limit);
        assert.equal(window.seenBefore(id, now), isKnown);
        assert.equal(window.size, left.length);
      }
    }),
  );
});

/** Bytes in typed arrays and buffers that are in use. Without a collection, unused ones would count too. */
function measureArrays(): number {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc');
  collect();
  // V8 frees arrays in the background; the second collection waits for that.
  collect();
  return process.memoryUsage().arrayBuffers;
}

test('keeps a full window in less than 40 bytes an id', () => {
  const limit = rememberedOrders;
  const before = measureArrays();
  const window = createOrderWindow({ lengthMs: 600_000, limit });
  for (let i = 0; i < limit; i++) window.seenBefore(`o-${i}`, 0);
  const bytes = measureArrays() - before;
  assert.equal(window.size, limit);
  assert.ok(bytes / limit < 40, `${bytes / limit} bytes`);
  assert.ok(bytes / limit >= 32, 'the arrays of the window are counted');
});
