import type { ShopTopics, TopicFollower } from '@shop/common';
import type { Admin } from 'kafkajs';
import { mostNamed } from '../findings/findings.ts';
import type { PromiseCheck } from '../findings/promise-check.ts';
import { readCommitted, readGroupOffsets } from './group-offsets.ts';
import { createLagWatch, type GroupPosition } from './lag-watch.ts';

interface LagCheckPlan {
  admin: Admin;
  follower: Pick<TopicFollower, 'starts'>;
  topics: Pick<ShopTopics, 'orders' | 'ordersWaiting'>;
  /** Consumer group of shipping-service. Another service in its place has another one. */
  shippingGroup: string;
  /** The offset after the last order of a partition that has an outcome. It shows the progress of any service. */
  reached(partition: number): number;
  stuckMs: number;
}

/** Prefix of ksqlDB's consumer groups. Each reads one or two topics of the shop. */
const ksqldbGroups = '_confluent-ksql-';

/** P7: consumers make progress, and finally have read everything. */
export function createLagCheck(plan: LagCheckPlan): PromiseCheck {
  const { admin, follower, topics, shippingGroup, reached, stuckMs } = plan;
  const watch = createLagWatch(stuckMs);
  /** The offset after the last message of each partition. Behind it are only transaction markers. */
  const ends = new Map<string, Map<number, number>>();
  let cases = 0;

  function toPositions(group: string, topic: string, committed: ReadonlyMap<number, number>): GroupPosition[] {
    const starts = follower.starts(topic);
    return [...(ends.get(topic) ?? [])].map(([partition, end]) => ({
      group,
      topic,
      partition,
      end,
      committed: committed.get(partition) ?? starts.get(partition) ?? 0,
    }));
  }

  async function shippingPositions(): Promise<GroupPosition[]> {
    const { orders, ordersWaiting } = topics;
    const committed = await readCommitted(admin, shippingGroup, orders.topic);
    const positions = toPositions(shippingGroup, orders.topic, committed).map((position) => ({
      ...position,
      committed: Math.max(position.committed, reached(position.partition)),
    }));
    // Another service does not need orders_waiting.
    if (committed.size === 0) return positions;
    const waitingGroup = `${shippingGroup}-waiting`;
    const waiting = await readCommitted(admin, waitingGroup, ordersWaiting.topic);
    return [...positions, ...toPositions(waitingGroup, ordersWaiting.topic, waiting)];
  }

  async function ksqldbPositions(): Promise<GroupPosition[]> {
    const { groups } = await admin.listGroups();
    const found: GroupPosition[] = [];
    for (const { groupId } of groups.filter((group) => group.groupId.startsWith(ksqldbGroups)))
      for (const [topic, committed] of await readGroupOffsets(admin, groupId)) {
        const end = ends.get(topic);
        // The audit does not read this topic, so it does not know its end.
        if (!end) continue;
        for (const [partition, offset] of committed)
          found.push({ group: groupId, topic, partition, committed: offset, end: end.get(partition) ?? 0 });
      }
    return found;
  }

  return {
    onRecord({ topic, partition, offset }) {
      const known = ends.get(topic) ?? new Map<number, number>();
      ends.set(topic, known.set(partition, offset + 1));
    },

    async round({ observedMs }) {
      const positions = [...(await ksqldbPositions()), ...(await shippingPositions())];
      watch.note(positions, observedMs);
      cases += positions.length;
    },

    undecided: ({ quiet }) => quiet && watch.figures().lag > 0,

    get moves() {
      return watch.moves;
    },

    statuses({ quiet }) {
      const stuck = watch.stuck(quiet);
      const { lag, partitions } = watch.figures();
      return {
        P7: {
          cases,
          found: [{ count: stuck.length, first: stuck.slice(0, mostNamed) }],
          figures: { lag, partitions },
          unchecked: partitions === 0 ? 'no consumer has read anything yet' : undefined,
        },
      };
    },
  };
}
