import assert from 'node:assert/strict';
import { test } from 'node:test';
import { findFirstToNewAddress } from '../../page/src/text/mark-moves.ts';
import type { ListedEvent } from '../../src/messages/events.ts';
import { createShopSimulation, type ShopMessage } from '../support/simulate-shop.ts';
import { toLive } from '../support/to-live.ts';

test('the first shipment to a new address is marked, and no other', () => {
  const shop = createShopSimulation();
  const messages: ShopMessage[] = [];
  const orderAndShip = () => {
    for (const order of shop.order(1)) messages.push(...shop.ship(order));
  };
  messages.push(...shop.register());
  orderAndShip();
  messages.push(...shop.move(1));
  orderAndShip();
  orderAndShip();
  const events: ListedEvent[] = messages.map((message, id) => ({ ...JSON.parse(toLive(message).json), id }));
  const shipments = events.filter(({ topic }) => topic === 'shipments').map(({ id }) => id);
  assert.deepEqual([...findFirstToNewAddress(events)], [shipments[1]]);
});
