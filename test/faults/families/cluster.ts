import { createRandom } from '@shop/common';
import type { PartitionMetadata } from 'kafkajs';
import type { Fault } from '../fault.ts';
import type { FaultShop } from '../shop/fault-shop.ts';
import { brokerOf, isReplicated, leaderOf, partitionOfName, untilReplicated } from '../shop/partition-leaders.ts';

const movesMs = 60_000;
const downMs = 60_000;
const hangMs = 30_000;
const offsets = '__consumer_offsets';
const transactions = '__transaction_state';

/** Faults of one or more of three brokers. */
export const clusterFaults: Fault[] = [
  killLeader('transaction-leader', "the leader of __transaction_state that leads shipping's transactions", (shop) =>
    leaderOf(shop, transactions, partitionOfName(`shipping-service-${shop.topics.orders.topic}-0`)),
  ),
  killLeader('group-coordinator', "the coordinator of shipping's group", (shop) =>
    leaderOf(shop, offsets, partitionOfName('shipping-service')),
  ),
  killLeader('partition-leader', 'the leader of a partition of orders', (shop) =>
    leaderOf(shop, shop.topics.orders.topic, 0),
  ),
  {
    name: 'cluster-rolling-restart',
    what: 'each of three brokers is restarted with SIGTERM, one after the other',
    expect: 'no violation',
    brokers: 3,
    async run(shop) {
      for (const part of shop.brokers) {
        await shop.killAndAwait(part, 'SIGTERM');
        await untilReplicated(shop);
      }
    },
  },
  {
    name: 'cluster-leaders-move',
    what: `partitions get other leaders every second for ${movesMs / 1_000} s`,
    expect: 'no violation',
    brokers: 3,
    run: moveLeaders,
  },
  {
    name: 'cluster-two-down',
    what: `two of three brokers are killed with -9 and restart after ${downMs / 1_000} s`,
    expect: 'no violation',
    brokers: 3,
    run: (shop) => holdDown(shop, shop.brokers.slice(1)),
  },
  {
    name: 'cluster-broker-hangs',
    what: `SIGSTOP of the leader of a partition of orders, SIGCONT after ${hangMs / 1_000} s`,
    expect: 'no violation',
    brokers: 3,
    run: async (shop) => shop.freeze(brokerOf(shop, await leaderOf(shop, shop.topics.orders.topic, 0)), hangMs),
  },
];

function killLeader(name: string, whom: string, find: (shop: FaultShop) => Promise<number>): Fault {
  return {
    name: `cluster-kill-${name}`,
    what: `kill -9 of ${whom}`,
    expect: 'no violation',
    brokers: 3,
    run: async (shop) => shop.killAndAwait(brokerOf(shop, await find(shop))),
  };
}

/**
 * Removes the leader of some partitions from their replicas and restores all three a second later. So leaders change
 * all the time, while two replicas always have every message.
 */
async function moveLeaders(shop: FaultShop): Promise<void> {
  const random = createRandom();
  const nodes = shop.brokers.map((_, index) => index + 1);
  const { topics: byName } = shop;
  const names = Object.values(byName).map(({ topic }) => topic);
  const assign = async (choose: (partition: PartitionMetadata) => number[] | undefined) => {
    const { topics } = await shop.admin.fetchTopicMetadata({ topics: names });
    const wanted = topics.map(({ name, partitions }) => ({
      topic: name,
      partitionAssignment: partitions.flatMap((partition) => {
        const replicas = choose(partition);
        return replicas ? [{ partition: partition.partitionId, replicas }] : [];
      }),
    }));
    const changed = wanted.filter(({ partitionAssignment }) => partitionAssignment.length > 0);
    if (changed.length > 0) await shop.admin.alterPartitionReassignments({ topics: changed, timeout: 5_000 });
  };
  const until = Date.now() + movesMs;
  try {
    for (let round = 0; Date.now() < until; round++) {
      const takesOut = round % 2 === 0;
      // A partition without a leader moves in a later round.
      await assign(({ leader }) => {
        if (!takesOut) return nodes;
        return random.integer(1, 10) <= 4 ? nodes.filter((node) => node !== leader) : undefined;
      }).catch(() => {});
      await shop.pause(1_000);
    }
  } finally {
    await shop.until('every partition in sync on all brokers again', async () => {
      // A slow broker may apply a request of the last rounds later, so ask again.
      await assign(({ replicas }) => (replicas.length < nodes.length ? nodes : undefined));
      return isReplicated(shop);
    });
  }
}

/** Kills brokers, and pauses their successors before they listen. */
async function holdDown(shop: FaultShop, parts: readonly string[]): Promise<void> {
  await Promise.all(parts.map((part) => shop.killAndAwait(part)));
  const held = parts.map((part) => shop.pid(part));
  for (const pid of held) process.kill(-pid, 'SIGSTOP');
  try {
    await shop.pause(downMs);
  } finally {
    for (const pid of held) process.kill(-pid, 'SIGCONT');
  }
}
