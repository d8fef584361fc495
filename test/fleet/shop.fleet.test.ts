import assert from 'node:assert/strict';
import { test } from 'node:test';
import { checkIdle } from './check-idle.ts';
import { checkShop } from './check-shop.ts';
import { findWarnings } from './find-warnings.ts';
import { openShop } from './open-shop.ts';
import { startFleet } from './start-fleet.ts';

test('the whole shop, as `npm start` runs it', async (t) => {
  const fleet = await startFleet(t);
  const shop = await openShop(t, fleet.ports);
  await checkIdle(t, fleet, shop);
  await checkShop(t, shop, fleet.pause);

  await t.test('SIGTERM ends every process in time, and the figures match the topics', async () => {
    await shop.close();
    const { code, result } = await fleet.stop();
    assert.equal(code, 0);
    assert.ok(Number(result['delivered']) > 0);
    assert.ok(Number(result['customers']) > 0);
    assert.equal(result['dead_letters'], shop.messages('dead_letters').length);
    const exitCodes = result['exit_codes'] as Record<string, number>;
    for (const service of [...fleet.healthPorts.keys(), 'postgres_start']) assert.equal(exitCodes[service], 0, service);
  });

  await t.test('the logs contain no warning of Node or Java', () => {
    assert.deepEqual(findWarnings(fleet.data), []);
  });
});
