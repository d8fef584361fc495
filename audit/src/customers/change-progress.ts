/** A change in a partition of Debezium's topic. */
interface CapturedChange {
  /** When the connector handled it, ms since 1970: CHANGED_AT of ksqlDB's table. */
  handledAt: number;
  /** When Postgres committed it, ms since 1970. */
  committedAt: number;
}

/** Most changes of a partition that are remembered until ksqlDB's table has them. Without older ones, progress shows later. */
const mostPending = 10_000;

export type ChangeProgress = ReturnType<typeof createChangeProgress>;

/** Measures how far changes have reached ksqlDB's table, by the time at which Postgres committed them. */
export function createChangeProgress() {
  const partitions = new Map<number, { pending: CapturedChange[]; reachedAt: number }>();

  return {
    /** Takes a change that arrives in the order of commits. The rows of a snapshot do not. */
    addChange(partition: number, change: CapturedChange): void {
      const known = partitions.get(partition) ?? { pending: [], reachedAt: Number.NEGATIVE_INFINITY };
      partitions.set(partition, known);
      known.pending.push(change);
      if (known.pending.length > mostPending) known.pending = known.pending.slice(-mostPending / 2);
    },

    /** Takes a row of the same partition of the table's topic, which repeats the partition of changes in its order. */
    addRow(partition: number, changedAt: number): void {
      const known = partitions.get(partition);
      if (!known) return;
      const next = known.pending.findIndex(({ handledAt }) => handledAt > changedAt);
      const reached = known.pending.splice(0, next < 0 ? known.pending.length : next);
      for (const { committedAt } of reached) known.reachedAt = Math.max(known.reachedAt, committedAt);
    },

    /** Every change that Postgres committed up to this time has reached the table, ms since 1970. */
    get reachedAt(): number {
      if (partitions.size === 0) return Number.NEGATIVE_INFINITY;
      return Math.min(...[...partitions.values()].map(({ reachedAt }) => reachedAt));
    },
  };
}
