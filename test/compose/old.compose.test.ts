import assert from 'node:assert/strict';
import { test } from 'node:test';
import { until } from '@shop/test-support';
import { openShop } from '../fleet/open-shop.ts';
import { shipHome } from '../fleet/orders.ts';
import { checkContainers, checkExits } from './check-containers.ts';
import { type Program, runProgram } from './docker.ts';
import { openCompose } from './start-compose.ts';

const program: Program = ['docker-compose'];

/** Services of other profiles than `lite`; docker-compose 1.29 lists them nevertheless. */
const ofOtherProfiles = ['ksqldb', 'kafka-1', 'kafka-2', 'kafka-3'];

/** Returns why the test cannot run here; false when it can. */
async function findReason(): Promise<string | false> {
  try {
    const version = (await runProgram(program, ['version', '--short'])).trim();
    return version.startsWith('1.') ? false : `docker-compose is ${version} here, not 1.29`;
  } catch {
    return 'no docker-compose 1.29 here (on Debian 12: apt-get install docker-compose)';
  }
}

test('the whole shop, as `docker-compose up -d` of 1.29 runs it', {
  skip: await findReason(),
}, async (t) => {
  const fleet = await openCompose(t, { profiles: 'lite', program });
  await t.test('everything comes up healthy', async () => {
    await fleet.compose('up', '-d', '--build');
    // docker-compose 1.29 has no --wait.
    const healthy = await until(
      'every container healthy',
      async () => {
        const containers = await fleet.containers();
        const waiting = containers.filter(({ State: { Health: health } }) => health?.Status !== 'healthy');
        return waiting.length === 0 ? containers : undefined;
      },
      { patienceMs: 300_000 },
    );
    checkContainers(healthy);
    const services = (await fleet.compose('config', '--services')).trim().split('\n');
    assert.equal(healthy.length, services.filter((service) => !ofOtherProfiles.includes(service)).length);
  });
  await t.test('a customer gets a parcel, and a browser sees it', async (inner) => {
    const shop = await openShop(inner, fleet.ports);
    const shipment = await shipHome(shop, 'Old Habit 29');
    await until(
      'the shipment on the page',
      () =>
        shop.streamed.some(
          ({ topic, key }) => topic === 'shipments' && JSON.stringify(key).includes(shipment.order_id),
        ) || undefined,
    );
  });
  await t.test('every container ends by itself within the grace time', async () => {
    await fleet.compose('stop');
    checkExits(await fleet.containers());
  });
});
