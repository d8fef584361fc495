import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createSampleView, emptySample } from '../../src/sample/sample.ts';

const filled = {
  customers: [{ id: 1, first_name: 'Ada', last_name: 'Meier' }],
  newcomers: [],
  products: [{ id: 1, product: 'toy' }],
};

test('waits until the sample has a customer and a product', async () => {
  const view = createSampleView();
  let isFilled = false;
  const waiting = view.filled(new AbortController().signal).then(() => {
    isFilled = true;
  });
  for (const empty of [emptySample, { ...filled, customers: [] }, { ...filled, products: [] }]) {
    view.show(empty);
    await new Promise(setImmediate);
    assert.equal(isFilled, false);
  }
  view.show(filled);
  await waiting;
  assert.deepEqual(view.current, filled);
});

test('stops waiting when the service ends', async () => {
  const ending = new AbortController();
  const waiting = createSampleView().filled(ending.signal);
  ending.abort();
  await assert.rejects(waiting, { name: 'AbortError' });
});
