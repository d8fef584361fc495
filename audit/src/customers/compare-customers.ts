import type { Violation } from '../findings/findings.ts';

/** Rows by id, each as its print. */
export type Prints = ReadonlyMap<number, number>;

interface Difference {
  postgres: number | undefined;
  ksqldb: number | undefined;
  since: number;
}

/** Differences remembered at the most. */
const mostDifferences = 10_000;

/**
 * Compares Postgres' customers with ksqlDB's, a range of ids at a time (P6). A change is on its way for a moment; so only
 * a difference counts that is still the same, on both sides, after a while.
 */
export function createCustomerComparison(settleMs: number) {
  const differences = new Map<number, Difference>();
  let compared = 0;

  return {
    /** @param ids all ids of this range that either side, or the topic, knows */
    note(ids: Iterable<number>, postgres: Prints, ksqldb: Prints, now: number): void {
      for (const id of ids) {
        compared += 1;
        const there = { postgres: postgres.get(id), ksqldb: ksqldb.get(id) };
        const known = differences.get(id);
        if (there.postgres === there.ksqldb) differences.delete(id);
        else if (known && known.postgres === there.postgres && known.ksqldb === there.ksqldb) continue;
        else if (known || differences.size < mostDifferences) differences.set(id, { ...there, since: now });
      }
    },

    /** Ids to look at again. */
    suspects: (limit: number): number[] => [...differences.keys()].slice(0, limit),

    lasting(now: number): Violation[] {
      return [...differences]
        .filter(([, { since }]) => now - since >= settleMs)
        .map(([id, { postgres, ksqldb }]) => ({
          problem: postgres === undefined ? 'not_in_postgres' : ksqldb === undefined ? 'not_in_ksqldb' : 'another_row',
          customer_id: id,
        }));
    },

    figures: () => ({ compared, differences: differences.size }),
  };
}
