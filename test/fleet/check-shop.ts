import assert from 'node:assert/strict';
import type { TestContext } from 'node:test';
import { customerChange, deadLetterHeaders, type Order, order, readJson, refill } from '@shop/common';
import { until, untilPasses } from '@shop/test-support';
import { checkContract } from './check-contract.ts';
import type { Shop } from './open-shop.ts';
import { findHome, register, ship, shipHome, withCustomer } from './orders.ts';

/** Pauses services; the returned function lets them continue. */
export type Pause = (services: readonly string[]) => Promise<() => Promise<void>>;

/** Checks a shop that has just opened. Uses the topics as the services do. */
export async function checkShop(t: TestContext, shop: Shop, pause: Pause): Promise<void> {
  await t.test('orders of the simulated customers are delivered', async () => {
    const delivered = await until('five deliveries', () => {
      const all = shop.shipments().filter(({ status }) => status === 'delivered');
      return all.length >= 5 ? all : undefined;
    });
    for (const shipment of delivered) assert.ok(shipment.status === 'delivered' && shipment.address);
  });

  await t.test('a customer who moves gets the next shipment at the new address', () =>
    withCustomer(shop, ['Old Road 1', 'New Road 2'], (id) => checkMove(shop, id)),
  );

  await t.test('an order waits for a customer who has just registered', async () => {
    await shipHome(shop, 'Fresh Lane 3');
  });

  await t.test('an order of a deleted customer is undeliverable', async () => {
    const id = await register(shop, 'Short Stay 4');
    await ship(shop, id);
    await shop.postgres.query('DELETE FROM customers WHERE id = $1', [id]);
    await until(
      'the deletion in the topic',
      () =>
        shop
          .messages('dummy.public.customers')
          .some(({ key, value }) => String(key) === String(id) && readJson(value, customerChange).op === 'd') ||
        undefined,
    );
    const last = await until('an undeliverable order', async () => {
      const shipment = await ship(shop, id);
      return shipment.status === 'undeliverable' ? shipment : undefined;
    });
    assert.equal(last.reason, 'customer_deleted');
  });

  await t.test('an unreadable order moves unchanged to dead_letters, and the shop continues', async () => {
    const { id, value } = await withCustomer(shop, ['Sturdy Street 5'], async (customer) => {
      const broken = `{"order": broken ${customer}`;
      await shop.producer.send({ topic: 'customer_orders', messages: [{ key: String(customer), value: broken }] });
      assert.equal((await ship(shop, customer)).status, 'delivered');
      return { id: customer, value: broken };
    });
    const letter = await until('the dead letter', () =>
      shop.messages('dead_letters').find((each) => String(each.value) === value),
    );
    assert.equal(String(letter.key), String(id));
    assert.equal(String(letter.headers?.[deadLetterHeaders.code]), 'invalid_json');
    assert.equal(String(letter.headers?.[deadLetterHeaders.topic]), 'customer_orders');
  });

  await t.test('MOVING_INVENTORY equals refills minus orders over the topics', async () => {
    const resume = await pause(['order-service', 'refill-inventory']);
    try {
      await untilPasses('equal sums', async () => {
        const { rows } = await shop.ksqldb.pull('SELECT product, moving_inventory FROM final_inventory;');
        const sums = sumInventory(shop);
        assert.equal(Object.keys(sums).length, 4);
        assert.deepEqual(Object.fromEntries(rows), sums);
      });
    } finally {
      await resume();
    }
  });

  await t.test('CUSTOMERS equals the table in Postgres, row by row', async () => {
    const resume = await pause(['updater']);
    try {
      await untilPasses('equal tables', async () => {
        const columns = 'id, first_name, last_name, zipcode, country, address';
        const { rows: known } = await shop.ksqldb.pull(`SELECT ${columns} FROM customers WHERE op <> 'd';`);
        const { rows } = await shop.postgres.query({
          text: `SELECT id::int, first_name, last_name, zipcode, country, address FROM customers`,
          rowMode: 'array',
        });
        assert.ok(rows.length > 10);
        assert.deepEqual(byId(known), byId(rows));
      });
    } finally {
      await resume();
    }
  });

  await t.test('no order carries an address, and none is shipped twice', () => {
    const orders = shop.messages('customer_orders').flatMap(({ value }) => readOrder(value));
    assert.ok(orders.length > 20);
    for (const each of orders) {
      assert.deepEqual(Object.keys(each), ['order_id', 'customer', 'order', 'ordered_at']);
      assert.deepEqual(Object.keys(each.customer), ['id', 'first_name', 'last_name']);
      assert.deepEqual(Object.keys(each.order), ['id', 'product', 'quantity']);
    }
    const shipped = shop.shipments().map(({ order_id }) => order_id);
    assert.equal(new Set(shipped).size, shipped.length);
  });

  await t.test('a browser receives messages of every topic', async () => {
    const expected = [
      'dummy.public.customers',
      'customer_orders',
      'inventory_refills',
      'shipments',
      'dead_letters',
      'CUSTOMERS',
      'FINAL_INVENTORY',
    ];
    await until('a message of each topic', () => {
      const seen = new Set(shop.streamed.map(({ topic }) => topic));
      return expected.every((topic) => seen.has(topic)) || undefined;
    });
    const shipment = shop.streamed.find(({ topic }) => topic === 'shipments');
    for (const field of ['partition', 'offset', 'key', 'value', 'timestamp'] as const)
      assert.ok(shipment?.[field] !== undefined, field);
  });

  await checkContract(t, shop);
}

async function checkMove(shop: Shop, id: number): Promise<void> {
  const before = await ship(shop, id);
  assert.equal(before.status === 'delivered' && before.address, 'Old Road 1');
  await shop.postgres.query('UPDATE customers SET address = $2 WHERE id = $1', [id, 'New Road 2']);
  await until('the move in ksqlDB', async () => {
    const { rows } = await shop.ksqldb.pull(`SELECT address FROM customers WHERE id = ${id};`);
    // The updater may have moved or deleted the customer around the same time.
    return (rows[0]?.[0] ?? undefined) === (await findHome(shop, id)) || undefined;
  });
  // A later look-up returns the same row or a newer one.
  const after = await ship(shop, id);
  assert.equal(after.status === 'delivered' && after.address, 'New Road 2');
}

function readOrder(value: Buffer | null): Order[] {
  try {
    return [readJson(value, order)];
  } catch {
    return []; // the unreadable order of the test above
  }
}

/** Refills minus orders by product, over all messages. */
function sumInventory(shop: Shop): Record<string, number> {
  const sums: Record<string, number> = {};
  const add = (product: string, amount: number) => {
    sums[product] = (sums[product] ?? 0) + amount;
  };
  for (const { value } of shop.messages('inventory_refills')) {
    const { product, refill: amount } = readJson(value, refill);
    add(product, amount);
  }
  for (const { value } of shop.messages('customer_orders'))
    for (const { order: placed } of readOrder(value)) add(placed.product, -placed.quantity);
  return sums;
}

const byId = (rows: unknown[][]) => Object.fromEntries(rows.map((row) => [String(row[0]), row]));
