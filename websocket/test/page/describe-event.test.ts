import assert from 'node:assert/strict';
import { test } from 'node:test';
import { describeEvent } from '../../page/src/text/describe-event.ts';
import { duration, rate, shortId } from '../../page/src/text/format.ts';
import type { ListedEvent } from '../../src/messages/events.ts';
import { listEvent } from '../../src/shop/list-event.ts';
import { createShopSimulation, type ShopMessage } from '../support/simulate-shop.ts';
import { toLive } from '../support/to-live.ts';

const listed = (message: ShopMessage): ListedEvent =>
  listEvent({ id: 1, topic: '', timestamp: 0, json: toLive(message).json });
const tell = (messages: ShopMessage[]) => messages.map((message) => describeEvent(listed(message)).text);

test('events are described in words', () => {
  const shop = createShopSimulation();
  const ada = { first_name: 'Ada', last_name: 'Lovelace', country: 'Kenya', address: 'Am Markt 1', zipcode: '1' };
  assert.deepEqual(tell(shop.register(ada)), [
    'Ada Lovelace registered: Am Markt 1, Kenya',
    'ksqlDB has Ada Lovelace at Am Markt 1',
  ]);
  const [order] = shop.order(1, 'o-1');
  if (!order) throw new Error('no order');
  assert.match(tell([order])[0] ?? '', /^Ada Lovelace \(1\) orders [1-5] × (toy|phone|table|chair)$/);
  assert.match(tell(shop.ship(order))[0] ?? '', /shipped to Ada Lovelace, Am Markt 1, Kenya after \d+ ms$/);
  shop.remove(1);
  assert.match(tell(shop.ship(order))[0] ?? '', /cannot be delivered: the customer has left$/);
  const { customer, order: id } = describeEvent(listed(order));
  assert.deepEqual([customer, id], [1, 'o-1']);
});

test('an event of another shape is shown unchanged', () => {
  assert.deepEqual(
    tell([
      { topic: 'customer_orders', value: 'not json' },
      { topic: 'wild', value: '{"a":1}' },
      { topic: 'shipments', value: null },
    ]),
    ['not json', '{"a":1}', 'null'],
  );
});

test('numbers are short', () => {
  assert.deepEqual([0, 0.4, 7.25, 154.4, 2_140].map(rate), ['0', '0.4', '7.3', '154', '2,140']);
  assert.deepEqual([340, 2_400, 45_000, 180_000, 18_000_000].map(duration), [
    '340 ms',
    '2.4 s',
    '45 s',
    '3 min',
    '5 h',
  ]);
  assert.equal(shortId('0197b2c4-aaaa-7bbb-8ccc-0123456789ab'), '…456789ab');
});
