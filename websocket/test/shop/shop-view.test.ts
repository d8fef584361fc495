import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readTopics } from '@shop/common';
import { createShopView } from '../../src/shop/shop-view.ts';
import { createShopSimulation, type ShopMessage } from '../support/simulate-shop.ts';
import { toLive } from '../support/to-live.ts';

function openShop() {
  const view = createShopView(readTopics({}));
  const shop = createShopSimulation();
  const see = (messages: ShopMessage[], past = false) => {
    for (const each of messages) view.observe(toLive(each).message, past);
    return messages;
  };
  const orderFor = (customer: number): ShopMessage => {
    const [order] = see(shop.order(customer));
    if (!order) throw new Error('no order');
    return order;
  };
  return { view, shop, see, orderFor };
}

test('orders are open until they have an outcome, in whatever order the two are read', () => {
  const { view, shop, see, orderFor } = openShop();
  see(shop.register());
  const [first, second] = [orderFor(1), orderFor(1)];
  assert.equal(view.picture().open_orders.count, 2);
  see(shop.ship(first));
  const [early] = shop.order(1);
  if (early) see(shop.ship(early));
  if (early) see([early]);
  assert.equal(view.picture().open_orders.count, 1);
  see([{ topic: 'dead_letters', key: '1', value: String(second.value) }]);
  const { open_orders, delivered, dead_letters } = view.picture();
  assert.deepEqual(
    [open_orders, delivered, dead_letters],
    [{ count: 0, oldest_ms: 0 }, 2, [{ code: 'unknown', count: 1 }]],
  );
});

test('an order from before the start does not count as waiting', () => {
  const { view, shop, see } = openShop();
  see(shop.order(1), true);
  assert.equal(view.picture().open_orders.count, 0);
});

test('an address change and the shipment to the new address are shown as one move', () => {
  const { view, shop, see, orderFor } = openShop();
  see(shop.register());
  const before = shop.customers.get(1);
  see(shop.ship(orderFor(1)));
  assert.deepEqual(view.picture().moves, [], 'no customer has moved');
  const late = orderFor(1);
  const toOldAddress = shop.ship(late);
  see(shop.move(1));
  see(toOldAddress);
  assert.deepEqual(view.picture().moves, [], 'the old address is not the point');
  see(shop.ship(orderFor(1)));
  see(shop.ship(orderFor(1)));
  const [move, ...more] = view.picture().moves;
  assert.equal(more.length, 0, 'shown once');
  assert.ok(move?.from?.startsWith(before?.address ?? '-'));
  assert.ok(move?.to.startsWith(shop.customers.get(1)?.address ?? '-'));
});

test('customers are counted where they are now', () => {
  const { view, shop, see } = openShop();
  for (const country of ['Kenya', 'Kenya', 'Japan']) see(shop.register({ country }));
  see(shop.remove(1));
  see(shop.register({ id: 2_000_000, country: 'Japan' }));
  assert.deepEqual(view.picture().customers, {
    total: 3,
    countries: [
      { country: 'Japan', customers: 2 },
      { country: 'Kenya', customers: 1 },
    ],
  });
});

test('undeliverable orders are counted by reason, delivered ones by second and time', () => {
  const { view, shop, see, orderFor } = openShop();
  see(shop.ship(orderFor(77)));
  see(shop.register());
  see(shop.ship(orderFor(1)));
  const picture = view.picture();
  assert.deepEqual(picture.undeliverable, [{ reason: 'customer_deleted', count: 1 }]);
  assert.equal(picture.delivery_ms?.count, 1);
  const sums = view
    .secondsSince(0)
    .reduce((sum, second) => ({ orders: sum.orders + second.orders, shipped: sum.shipped + second.delivered }), {
      orders: 0,
      shipped: 0,
    });
  assert.deepEqual(sums, { orders: 2, shipped: 1 });
});

test('stock, services and the audit show their last message', () => {
  const { view, shop, see } = openShop();
  see([...shop.refill(), ...shop.inventory(), ...shop.status(), ...shop.audit()]);
  see([{ topic: 'audit_results', key: 'P1', value: '{"state":"violated","text":"2 of 9: lost"}' }]);
  const { products, services, audit } = view.picture();
  assert.deepEqual(
    products.map(({ product }) => product),
    ['chair', 'phone', 'table', 'toy'],
  );
  assert.ok(products.every(({ refilled, ordered, left }) => left === refilled - ordered));
  assert.deepEqual(services.find(({ service }) => service === 'audit')?.waiting_for, ['ksqlDB']);
  assert.deepEqual([audit[0]?.verdict, audit[0]?.text, audit.length], ['broken', '2 of 9: lost', 8]);
  const [slow, others] = [audit.find(({ check }) => check === 'P3'), audit.filter(({ check }) => check !== 'P3')];
  assert.deepEqual([slow?.verdict, slow?.missed], ['kept', '3 of 9 addresses were old']);
  assert.ok(others.every(({ missed }) => missed === null));
});

test('messages that do not match the contract of their topic are ignored', () => {
  const { view, see } = openShop();
  const topics = [
    'dummy.public.customers',
    'customer_orders',
    'inventory_refills',
    'shipments',
    'service_status',
    'FINAL_INVENTORY',
    'audit_results',
  ];
  for (const topic of topics)
    for (const value of ['null', '[]', '"text"', '{', '{"after":{"id":"x"}}', '{"order":{"id":1e400}}'])
      see([{ topic, key: null, value }]);
  for (let n = 0; n < 300; n += 1)
    see([{ topic: 'dead_letters', key: null, value: '', headers: { 'dead_letter.error_code': `wild-${n}` } }]);
  assert.ok(view.picture().dead_letters.length <= 51);
});
