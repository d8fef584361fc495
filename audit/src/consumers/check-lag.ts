import type { TopicDefinition, TopicFollower } from '@shop/common';
import type { Admin } from 'kafkajs';
import { mostNamed } from '../findings/findings.ts';
import type { PromiseCheck } from '../findings/promise-check.ts';
import { readCommitted, readGroupOffsets } from './group-offsets.ts';
import { createLagWatch, type GroupPosition } from './lag-watch.ts';

interface LagCheckPlan {
  admin: Admin;
  follower: Pick<TopicFollower, 'starts'>;
  /** Consumer groups and the topics that they read. */
  consumers: readonly { group: string; topic: TopicDefinition }[];
  stuckMs: number;
}

/** Prefix of ksqlDB's consumer groups. Each reads one or two topics of the shop. */
const ksqldbGroups = '_confluent-ksql-';

/** P7: consumers make progress, and finally have read everything. */
export function createLagCheck({ admin, follower, consumers, stuckMs }: LagCheckPlan): PromiseCheck {
  const watch = createLagWatch(stuckMs);
  /** The offset after the last message of each partition. Behind it are only transaction markers. */
  const ends = new Map<string, Map<number, number>>();
  let cases = 0;

  async function positionsOf(group: string, topic: string): Promise<GroupPosition[]> {
    const committed = await readCommitted(admin, group, topic);
    const starts = follower.starts(topic);
    return [...(ends.get(topic) ?? [])].map(([partition, end]) => ({
      group,
      topic,
      partition,
      end,
      committed: committed.get(partition) ?? starts.get(partition) ?? 0,
    }));
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
      const positions = await ksqldbPositions();
      for (const { group, topic } of consumers) positions.push(...(await positionsOf(group, topic.topic)));
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
