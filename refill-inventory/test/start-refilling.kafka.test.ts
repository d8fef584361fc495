import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readJson, refill } from '@shop/common';
import { createShopDatabase, followTopic, nameTopics, runServiceProcess, until } from '@shop/test-support';

const main = new URL('../src/main.ts', import.meta.url);

test('every round refills each current product, and the first round starts at once', async (t) => {
  const { superuser, env: postgres } = await createShopDatabase(t);
  const { kafka, env } = nameTopics(t, 'REFILLS_TOPIC', 'SERVICE_STATUS_TOPIC');
  const limits = { REFILL_INTERVAL_MS: '500', REFILL_MIN: '3', REFILL_MAX: '4' };
  const service = runServiceProcess(t, main, { ...postgres, ...env, ...limits });
  await service.said('ready');
  const { messages, reach } = await followTopic(t, kafka, env['REFILLS_TOPIC'] ?? '');
  const read = () => messages.map(({ value }) => readJson(value, refill));

  for (const message of await reach(8)) {
    const { product, refill: pieces } = readJson(message.value, refill);
    assert.equal(String(message.key), product);
    assert.ok(pieces === 3 || pieces === 4);
  }
  const shelves = [...new Set(read().map(({ id, product }) => `${id} ${product}`))].sort();
  assert.deepEqual(shelves, ['1 toy', '2 phone', '3 table', '4 chair']);

  await superuser.query(`INSERT INTO products VALUES (5, 'lamp'); DELETE FROM products WHERE product = 'toy'`);
  await until('a refill of the new product', () => read().some(({ product }) => product === 'lamp'));
  const lampAt = Math.max(
    ...read().flatMap(({ product, refilled_at }) => (product === 'lamp' ? Date.parse(refilled_at) : [])),
  );
  await until('a refill after that', () => read().some(({ refilled_at }) => Date.parse(refilled_at) > lampAt));
  const later = read().filter(({ refilled_at }) => Date.parse(refilled_at) > lampAt);
  assert.ok(!later.some(({ product }) => product === 'toy'));

  assert.equal(await service.end(), 0);
  assert.equal(new Set(read().map(({ refill_id }) => refill_id)).size, messages.length);
});

test('a very long interval delays neither the first round nor the stop', async (t) => {
  const { env: postgres } = await createShopDatabase(t);
  const { kafka, env } = nameTopics(t, 'REFILLS_TOPIC', 'SERVICE_STATUS_TOPIC');
  const service = runServiceProcess(t, main, { ...postgres, ...env, REFILL_INTERVAL_MS: '86400000' });
  await service.said('ready');
  const { reach } = await followTopic(t, kafka, env['REFILLS_TOPIC'] ?? '');
  await reach(4);
  assert.equal(await service.end(), 0);
});

test('a minimum above the maximum stops the start', async (t) => {
  const service = runServiceProcess(t, main, { REFILL_MIN: '9', REFILL_MAX: '3' });
  assert.equal(await service.ended, 78);
  assert.match(service.lines.map(({ msg }) => msg).join(), /REFILL_MIN: found "9"/);
});
