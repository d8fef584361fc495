/** A change in a partition of the topic of changes. */
export interface StreamedChange {
  /** When the connector handled it, ms since 1970: CHANGED_AT of ksqlDB's table. */
  handledAt: number;
  /** When Postgres committed it, ms since 1970. */
  committedAt: number;
}

/** Changes of a partition that are not shown yet and are remembered; without the older ones, progress is seen later. */
const mostWaiting = 10_000;

export type ShownChanges = ReturnType<typeof createShownChanges>;

/** How far changes have come through to ksqlDB's table, by the time at which Postgres committed them. */
export function createShownChanges() {
  const partitions = new Map<number, { waiting: StreamedChange[]; shown: number }>();

  return {
    /** A change that came in the order of commits: none of a snapshot. */
    note(partition: number, change: StreamedChange): void {
      const known = partitions.get(partition) ?? { waiting: [], shown: Number.NEGATIVE_INFINITY };
      partitions.set(partition, known);
      known.waiting.push(change);
      if (known.waiting.length > mostWaiting) known.waiting = known.waiting.slice(-mostWaiting / 2);
    },

    /** A row in the same partition of the table's topic, which follows the partition of changes in its order. */
    show(partition: number, changedAt: number): void {
      const known = partitions.get(partition);
      if (!known) return;
      const next = known.waiting.findIndex(({ handledAt }) => handledAt > changedAt);
      const through = known.waiting.splice(0, next < 0 ? known.waiting.length : next);
      for (const { committedAt } of through) known.shown = Math.max(known.shown, committedAt);
    },

    /** Every change that Postgres committed up to this time has come through, in all partitions that have any. */
    get upTo(): number {
      if (partitions.size === 0) return Number.NEGATIVE_INFINITY;
      return Math.min(...[...partitions.values()].map(({ shown }) => shown));
    },
  };
}
