import type { FaultShop } from './fault-shop.ts';
import { register, ship } from './parcels.ts';

/** Time after which an order without an outcome is placed again, ms: the fault may have affected the runner's own reader. */
const probeMs = 20_000;
/** Time limit of each step, ms on a quiet machine. */
const patienceMs = 240_000;

/**
 * Waits until the shop has recovered: every service is ready, later orders of every partition are shipped, and a new
 * customer gets a parcel.
 *
 * @param cleared when the fault was cleared, ms since 1970
 * @returns the time of the recovery, s
 */
export async function recover(shop: FaultShop, cleared: number): Promise<number> {
  await awaitHealth(shop);
  await awaitNewShipments(shop, patienceMs);
  await shop.until('a parcel for a customer who registered after the fault', () => probe(shop), patienceMs);
  return (Date.now() - cleared) / 1_000;
}

/** Waits until every service reports that it is ready. */
export const awaitHealth = (shop: FaultShop): Promise<boolean> =>
  shop.until(
    'every service ready',
    async () => {
      for (const [name, port] of shop.healthPorts) await askHealth(name, port);
      return true;
    },
    patienceMs,
  );

/** Waits until an order of every partition is shipped that is placed from now on, behind the backlog of a fault. */
export async function awaitNewShipments(shop: FaultShop, limitMs: number): Promise<void> {
  const since = Date.now();
  const { topic } = shop.topics.orders;
  await shop.until(
    'orders of every partition shipped that were placed after it',
    async () => {
      const newest = shop.tail.newest();
      const partitions = await shop.admin.fetchTopicOffsets(topic);
      return partitions.every(({ partition }) => (newest.get(partition) ?? 0) > since);
    },
    limitMs,
  );
}

async function askHealth(name: string, port: number): Promise<void> {
  const { status } = await fetch(`http://127.0.0.1:${port}/health`, { signal: AbortSignal.timeout(30_000) });
  if (status !== 200) throw new Error(`${name}: /health answers ${status}`);
}

async function probe(shop: FaultShop): Promise<boolean> {
  const shipment = await ship(shop, await register(shop), probeMs);
  // The updater may have deleted the customer already.
  return shipment.status === 'delivered' || shipment.reason === 'customer_deleted';
}
