import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createMarketView, emptyMarket } from '../../src/market/market.ts';

const open = { customers: [1], newcomers: [], products: ['toy'] };

test('the market is open when there is somebody to order and something', async () => {
  const view = createMarketView();
  let isOpen = false;
  const opened = view.opened(new AbortController().signal).then(() => {
    isOpen = true;
  });
  for (const shut of [emptyMarket, { ...open, customers: [] }, { ...open, products: [] }]) {
    view.show(shut);
    await new Promise(setImmediate);
    assert.equal(isOpen, false);
  }
  view.show(open);
  await opened;
  assert.deepEqual(view.current, open);
});

test('waiting for it ends with the service', async () => {
  const ending = new AbortController();
  const opened = createMarketView().opened(ending.signal);
  ending.abort();
  await assert.rejects(opened, { name: 'AbortError' });
});
