import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { auditResult } from '@shop/common';
import { readCompose } from '@shop/local';
import { until } from '@shop/test-support';
import { z } from 'zod';
import { openShop, type Shop } from './open-shop.ts';
import { register } from './orders.ts';
import { startOtherShipping } from './other-shipping.ts';
import { type RunningFleet, startFleet } from './start-fleet.ts';

const checkout = fileURLToPath(new URL('../..', import.meta.url));
const sources = ['updater', 'order-service', 'refill-inventory'];

test('another service ships in place of shipping-service, and the audit judges it', async (t) => {
  const fleet = await startFleet(t, { flags: ['--without', 'shipping-service'] });
  const shop = await openShop(t, fleet.ports);
  const stopShipping = await startOtherShipping(t, shop);

  const value = '{"order": broken';
  await shop.producer.send({ topic: 'customer_orders', messages: [{ key: '7', value }] });
  await shop.order(await register(shop, 'Fresh Lane 3'));
  await until('thirty shipments', () => shop.shipments().length >= 30);
  const resume = await fleet.pause(sources);
  await until('an outcome of each order', () => countOpen(shop) === 0);

  await t.test('all promises are kept', async () => {
    const { code, states } = await audit(fleet);
    assert.deepEqual({ code, broken: states.violated }, { code: 0, broken: [] });
    for (const check of ['P1', 'P2', 'P3', 'P4', 'P7']) assert.ok(states.ok.includes(check), check);
  });

  await t.test('a second shipment of an order breaks P2 only', async () => {
    const [first] = shop.messages('shipments');
    assert.ok(first);
    await shop.producer.send({ topic: 'shipments', messages: [{ key: first.key, value: first.value }] });
    const { code, states } = await audit(fleet);
    assert.deepEqual({ code, broken: states.violated }, { code: 1, broken: ['P2'] });
  });

  await resume();
  await stopShipping();
  await shop.close();
  const { code, result } = await fleet.stop();
  assert.equal(code, 0);
  assert.ok(!Object.keys(Object(result['exit_codes'])).includes('shipping-service'));
});

const countOpen = (shop: Shop): number =>
  shop.messages('customer_orders').length - shop.shipments().length - shop.messages('dead_letters').length;

/** Runs `npm run audit` on a shop at rest. It ends when every result is final. */
async function audit({ ports, data }: RunningFleet) {
  const offset = ports.page - Number(readCompose(checkout, {}).variables['PAGE_PORT']);
  const words = ['local/launch.mjs', 'audit/src/command.ts', '--json', '--quiet', '--wait', '600', '--port-offset'];
  const env = { ...process.env, SHOP_DATA: data };
  const { code, text } = await new Promise<{ code: number | null; text: string }>((resolve) => {
    const child = execFile(process.execPath, [...words, String(offset)], { cwd: checkout, env }, (_, stdout, stderr) =>
      resolve({ code: child.exitCode, text: stdout || stderr }),
    );
  });
  const results = z.array(auditResult).parse(JSON.parse(text));
  const inState = (wanted: string) => results.filter(({ state }) => state === wanted).map(({ check }) => check);
  return { code, states: { ok: inState('ok'), violated: inState('violated') } };
}
