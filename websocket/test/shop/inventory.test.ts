import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readTopics } from '@shop/common';
import { createInventory } from '../../src/shop/inventory.ts';
import { createShopView } from '../../src/shop/shop-view.ts';
import { createShopSimulation, type ShopMessage } from '../support/simulate-shop.ts';
import { toLive } from '../support/to-live.ts';

const began = Date.now() - 3_600_000;
const row = { TOTAL_REFILLS: 5, QUANTITY: 1, MOVING_INVENTORY: 4 };

function openInventory(...names: string[]) {
  const inventory = createInventory();
  for (const name of names) inventory.noteRow(name, row);
  let round = 0;
  return {
    inventory,
    /** The messages of a round have about the same time. */
    refill(...products: string[]) {
      round += 1;
      for (const [place, product] of products.entries()) inventory.noteRefill(product, began + round * 1_000 + place);
    },
    shown: () => inventory.products().map(({ product, sold }) => `${product}${sold ? '' : ' no longer'}`),
  };
}

test('a product that misses three rounds of refills is no longer sold, until it is refilled again', () => {
  const { refill, shown } = openInventory('toy', 'kite', 'ball');
  assert.deepEqual(shown(), ['ball', 'kite', 'toy'], 'nothing is known of refills');
  refill('toy', 'kite', 'ball');
  for (let round = 0; round < 2; round += 1) refill('toy', 'kite');
  assert.deepEqual(shown(), ['ball', 'kite', 'toy']);
  refill('toy', 'kite');
  assert.deepEqual(shown(), ['kite', 'toy', 'ball no longer']);
  refill('toy', 'kite', 'ball');
  assert.deepEqual(shown(), ['ball', 'kite', 'toy']);
});

test('refills from the future, and of made-up products, hide a product until its next refill at most', () => {
  const { inventory, refill, shown } = openInventory('toy');
  refill('toy');
  for (let count = 0; count < 3; count += 1) inventory.noteRefill('unicorn', Date.now() + 1e9);
  assert.deepEqual(shown(), ['toy no longer']);
  inventory.noteRefill('toy', Date.now() + 1);
  assert.deepEqual(shown(), ['toy']);
});

test('new products take the place of one that is no longer sold, and only of that', () => {
  const names = Array.from({ length: 100 }, (_, number) => `product ${number}`);
  const { inventory, refill, shown } = openInventory(...names);
  inventory.noteRow('new', row);
  assert.ok(!shown().includes('new'));
  for (let round = 0; round < 4; round += 1) refill(...names.slice(round === 0 ? 0 : 1), 'new', 'newer');
  for (const name of ['new', 'newer']) inventory.noteRow(name, row);
  assert.equal(shown().length, 100);
  assert.deepEqual(
    ['product 0 no longer', 'new', 'newer'].filter((name) => shown().includes(name)),
    ['new'],
  );
});

test('the snapshot of the shop names the products that are sold', () => {
  const view = createShopView(readTopics({}));
  const shop = createShopSimulation();
  const see = (messages: ShopMessage[], at: number) => {
    for (const each of messages) view.observe(toLive(each, at).message, false);
  };
  see(shop.inventory(), began);
  for (let round = 0; round < 4; round += 1)
    see(
      shop.refill().filter(({ key }) => round === 0 || key !== 'toy'),
      began + round * 1_000,
    );
  assert.deepEqual(
    view.picture().products.map(({ product, sold }) => [product, sold]),
    [
      ['chair', true],
      ['phone', true],
      ['table', true],
      ['toy', false],
    ],
  );
});
