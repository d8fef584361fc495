import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { until } from '@shop/test-support';
import { AssignerProtocol } from 'kafkajs';
import { checkShop } from '../fleet/check-shop.ts';
import { openShop, type Shop } from '../fleet/open-shop.ts';
import { findHome, register, ship, shipHome } from '../fleet/orders.ts';
import { checkContainers, checkExits, checkRestarts } from './check-containers.ts';
import { checkSecrets } from './check-secrets.ts';
import { docker } from './docker.ts';
import { type ComposeShop, checkout, openCompose } from './start-compose.ts';

test('the whole shop, as `docker compose up` runs it', async (t) => {
  const fleet = await openCompose(t, { profiles: 'lite' });
  await t.test('everything comes up healthy', () => fleet.up('--build'));
  await t.test('the containers have few permissions', async () => checkContainers(await fleet.containers()));
  await t.test('no login in a layer, in docker inspect or in a log', () => checkSecrets(fleet));
  await t.test('the shop works', async (inner) => {
    await checkShop(inner, await openShop(inner, fleet.ports), fleet.pause);
    checkRestarts(await fleet.containers());
  });
  await t.test('three shipping services share the partitions', (inner) => checkScale(inner, fleet));
  for (const service of await listServices(fleet))
    await t.test(`${service} restarts, and the shop continues`, async (inner) => {
      await fleet.compose('restart', service);
      await checkShips(inner, fleet, `After ${service}`);
    });
  let id = 0;
  await t.test('a customer exists before the stop', async (inner) => {
    const shop = await openShop(inner, fleet.ports);
    id = await register(shop, 'Winter Sleep 1');
    await ship(shop, id);
  });
  await t.test('every container ends by itself within the grace time', async () => {
    await fleet.compose('stop');
    checkExits(await fleet.containers());
  });
  await t.test('a second up continues where the first one stopped', async (inner) => {
    await fleet.up();
    const shop = await openShop(inner, fleet.ports);
    // The updater may have moved or deleted the customer meanwhile.
    const shipment = await ship(shop, id);
    const address = shipment.status === 'delivered' ? shipment.address : undefined;
    assert.equal(address, await findHome(shop, id), 'customers and tables are kept');
    if (shipment.status === 'undeliverable') assert.equal(shipment.reason, 'customer_deleted');
  });
});

const listServices = async (fleet: ComposeShop) => (await fleet.containers()).map(({ service }) => service).toSorted();

/** Checks that a new customer gets a parcel. */
async function checkShips(t: TestContext, fleet: ComposeShop, address: string): Promise<Shop> {
  await fleet.up();
  const shop = await openShop(t, fleet.ports);
  await shipHome(shop, address);
  return shop;
}

async function checkScale(t: TestContext, fleet: ComposeShop): Promise<void> {
  await fleet.up('--scale', 'shipping-service=3');
  const shop = await openShop(t, fleet.ports);
  const admin = shop.kafka.admin();
  await admin.connect();
  t.after(() => admin.disconnect());
  await until('two partitions for each of three', async () => {
    const { groups } = await admin.describeGroups(['shipping-service']);
    const shares = groups[0]?.members.map(({ memberAssignment }) => countPartitions(memberAssignment)) ?? [];
    return shares.length === 3 && shares.every((share) => share === 2) ? true : undefined;
  });
  await shipHome(shop, 'Three Gates 3');
  await fleet.up('--scale', 'shipping-service=1');
}

function countPartitions(assignment: Buffer): number {
  const decoded = AssignerProtocol.MemberAssignment.decode(assignment);
  return decoded?.assignment['customer_orders']?.length ?? 0;
}

test('every port is on loopback, and PAGE_ADDRESS opens only the page', async () => {
  assert.deepEqual(await readOpenPorts({}), []);
  assert.deepEqual(await readOpenPorts({ PAGE_ADDRESS: '0.0.0.0' }), [8080]);
});

interface PublishedPort {
  host_ip?: string;
  target: number;
}

/** Ports of containers that are published beyond loopback. */
async function readOpenPorts(env: Record<string, string>): Promise<number[]> {
  const words = ['compose', '--project-directory', checkout, '--profile', '*', 'config', '--format', 'json'];
  const config = await docker(words, { env: { ...process.env, ...env } });
  const { services } = JSON.parse(config) as { services: Record<string, { ports?: PublishedPort[] }> };
  const ports = Object.values(services).flatMap((service) => service.ports ?? []);
  return ports.filter(({ host_ip: address }) => address !== '127.0.0.1').map(({ target }) => target);
}
