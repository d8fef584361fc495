import type { Violation } from '../findings/findings.ts';

/** Rows by id, each as its print. */
export type Prints = ReadonlyMap<number, number>;

/** What both sides have of a range of ids. */
export interface ComparedRows {
  postgres: Prints;
  /** Postgres' clock after its rows were read, ms since 1970. */
  postgresAt: number;
  ksqldb: Prints;
  /** Before ksqlDB was asked, every change that Postgres committed up to this time had come through, ms since 1970. */
  shownUpTo: number;
  /** By the clock of looks. */
  looked: number;
}

/** How far the pipeline has come. */
export interface Progress {
  looked: number;
  /** For how long nothing of the shop has moved, ms of looking. */
  stillMs: number;
  /** For how long no change of a customer has moved on, ms of looking. */
  changesStillMs: number;
}

export interface Patience {
  /** How long a difference may last in a shop in which nothing moves, ms. */
  settleMs: number;
  /** How long it may last when no change of a customer moves on, ms. */
  stuckMs: number;
}

interface Difference {
  postgres: number | undefined;
  ksqldb: number | undefined;
  since: number;
  /** Postgres had this row at this time, by its clock. */
  postgresAt: number;
  /** Later changes had come through before ksqlDB was asked again. */
  passed: boolean;
}

/** Differences remembered at the most. */
const mostDifferences = 10_000;

/**
 * Compares Postgres' customers with ksqlDB's, a range of ids at a time (P6). A change takes as long as it takes; a difference
 * counts when it stays although later changes have come through, or when nothing moves any more.
 */
export function createCustomerComparison({ settleMs, stuckMs }: Patience) {
  const differences = new Map<number, Difference>();
  let compared = 0;

  return {
    /** @param ids all ids of this range that either side, or the topic, knows */
    note(ids: Iterable<number>, { postgres, postgresAt, ksqldb, shownUpTo, looked }: ComparedRows): void {
      for (const id of ids) {
        compared += 1;
        const there = { postgres: postgres.get(id), ksqldb: ksqldb.get(id) };
        const known = differences.get(id);
        if (there.postgres === there.ksqldb) differences.delete(id);
        else if (known && known.postgres === there.postgres && known.ksqldb === there.ksqldb)
          known.passed = shownUpTo > known.postgresAt;
        else if (known || differences.size < mostDifferences)
          differences.set(id, { ...there, since: looked, postgresAt, passed: false });
      }
    },

    /** Ids to compare again. */
    suspects: (limit: number): number[] => [...differences.keys()].slice(0, limit),

    /** Whether a difference from before this time is still there. */
    isOpenSince: (looked: number): boolean => [...differences.values()].some(({ since }) => since <= looked),

    lasting({ looked, stillMs, changesStillMs }: Progress): Violation[] {
      const isOver = (ms: number, most: number, since: number) => ms >= most && looked - since >= most;
      return [...differences]
        .filter(
          ([, { since, passed }]) =>
            passed || isOver(stillMs, settleMs, since) || isOver(changesStillMs, stuckMs, since),
        )
        .map(([id, { postgres, ksqldb }]) => ({
          problem: postgres === undefined ? 'not_in_postgres' : ksqldb === undefined ? 'not_in_ksqldb' : 'another_row',
          customer_id: id,
        }));
    },

    figures: () => ({ compared, differences: differences.size }),
  };
}
