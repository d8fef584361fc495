import { randomUUID } from 'node:crypto';
import type { Fault } from '../fault.ts';
import type { FaultShop } from '../shop/fault-shop.ts';

/** Time after which a shipment that is still uncommitted shows that the process was stopped in a transaction, ms. */
const undecidedMs = 400;

export const shippingFaults: Fault[] = [
  {
    name: 'kill-in-transaction',
    what: 'kill -9 of shipping-service between sending shipments and committing the transaction',
    expect: 'no violation',
    run: killInTransaction,
  },
  {
    name: 'zombie-shipper',
    what: 'one of two shipping-services is stopped in a transaction until the other has taken over, then continues',
    expect: 'no violation',
    run: wakeZombie,
  },
  {
    name: 'two-shippers',
    what: 'a second shipping-service joins under load and leaves again',
    expect: 'no violation',
    async run(shop) {
      const second = await shop.addShipping();
      await awaitShares(shop, 2);
      await shop.pause(2_000);
      await leave(second);
    },
  },
  {
    name: 'three-shippers',
    what: 'two more shipping-services join under load; the first is killed with -9, the others leave',
    expect: 'no violation',
    async run(shop) {
      const second = await shop.addShipping();
      const third = await shop.addShipping();
      await awaitShares(shop, 3);
      await shop.killAndAwait('shipping-service');
      await shop.pause(2_000);
      await leave(second);
      await leave(third);
    },
  },
];

async function leave(shipping: { stop(): Promise<number | null> }): Promise<void> {
  const code = await shipping.stop();
  if (code !== 0) throw new Error(`shipping-service exited with ${code} on SIGTERM`);
}

/** Waits until the group is stable with this number of members. */
async function awaitShares(shop: FaultShop, members: number): Promise<void> {
  await shop.until(`${members} members of the group`, async () => {
    const { groups } = await shop.admin.describeGroups(['shipping-service']);
    const group = groups[0];
    return group?.state === 'Stable' && group.members.length === members;
  });
}

/** Kills shipping-service between sending shipments and committing them. */
async function killInTransaction(shop: FaultShop): Promise<void> {
  await stopInTransaction(shop);
  await shop.killAndAwait('shipping-service');
}

/**
 * Creates a zombie: pauses shipping-service in a transaction until another instance has all its partitions, then lets
 * it continue. Kafka must refuse its commit.
 */
async function wakeZombie(shop: FaultShop): Promise<void> {
  const second = await shop.addShipping();
  await awaitShares(shop, 2);
  await stopInTransaction(shop);
  const stoppedAt = Date.now();
  try {
    await awaitShares(shop, 1);
    await shop.until('orders of every partition shipped by the other', () => {
      const newest = [...shop.tail.newest().values()];
      return newest.length === shop.topics.orders.partitions && newest.every((at) => at > stoppedAt);
    });
  } finally {
    process.kill(shop.pid('shipping-service'), 'SIGCONT');
  }
  await awaitShares(shop, 2);
  await leave(second);
}

/**
 * Pauses shipping-service (SIGSTOP) when it has sent an uncommitted shipment. If the shipment is still uncommitted a
 * little later, the process is between send and commit. Otherwise lets it continue and tries again.
 */
async function stopInTransaction(shop: FaultShop): Promise<void> {
  const { shipments } = shop.topics;
  const consumer = shop.kafka.consumer({
    groupId: `faults-${randomUUID()}`,
    readUncommitted: true,
    maxWaitTimeInMs: 10,
  });
  let seen: ((place: { partition: number; offset: number }) => void) | undefined;
  await consumer.connect();
  try {
    await consumer.subscribe({ topic: shipments.topic, fromBeginning: false });
    await consumer.run({
      autoCommit: false,
      eachBatch: async ({ batch }) => {
        const last = batch.messages.at(-1);
        if (last) seen?.({ partition: batch.partition, offset: Number(last.offset) });
      },
    });
    await shop.until('shipping-service stopped in a transaction', async () => {
      const place = await new Promise<{ partition: number; offset: number }>((resolve, reject) => {
        shop.context.signal.addEventListener('abort', reject, { once: true });
        seen = resolve;
      });
      const pid = shop.pid('shipping-service');
      process.kill(pid, 'SIGSTOP');
      await shop.pause(undecidedMs);
      if ((shop.tail.position.get(place.partition) ?? 0) <= place.offset) return true;
      process.kill(pid, 'SIGCONT');
      return undefined;
    });
  } finally {
    seen = undefined;
    await consumer.disconnect();
  }
}
