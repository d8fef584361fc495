import type { Violation } from '../findings/findings.ts';
import type { RowFingerprints } from './row-fingerprint.ts';

/** What Postgres and ksqlDB have of a range of ids. */
interface ComparedRows {
  postgres: RowFingerprints;
  /** Postgres' time after its rows were read, ms since 1970. */
  postgresAt: number;
  ksqldb: RowFingerprints;
  /** Every change that Postgres committed up to this time had reached ksqlDB before it was asked, ms since 1970. */
  changesReachedAt: number;
  observedMs: number;
}

/** How far the pipeline has come. */
interface Progress {
  observedMs: number;
  /** For how long nothing in the shop has moved, ms of observed time. */
  idleMs: number;
  /** For how long no change of a customer has moved, ms of observed time. */
  changesIdleMs: number;
}

interface DifferenceLimits {
  /** How long a difference may last while nothing in the shop moves, ms. */
  settleMs: number;
  /** How long it may last while no change of a customer moves, ms. */
  stuckMs: number;
}

interface Difference {
  postgres: number | undefined;
  ksqldb: number | undefined;
  /** Observed time when it was found, ms. */
  since: number;
  /** Postgres had this row at this time, by its clock. */
  postgresAt: number;
  /** Later changes had reached ksqlDB before it was asked again. */
  isOvertaken: boolean;
}

/** Most differences that are remembered. */
const mostDifferences = 10_000;

/**
 * Compares Postgres' customers with ksqlDB's, a range of ids at a time (P6). A change may take any time. A difference counts
 * when it lasts although later changes have reached ksqlDB, or when nothing moves any more.
 */
export function createCustomerComparison({ settleMs, stuckMs }: DifferenceLimits) {
  const differences = new Map<number, Difference>();
  let compared = 0;

  return {
    /** @param ids all ids of this range that Postgres, ksqlDB or a topic has */
    compare(ids: Iterable<number>, { postgres, postgresAt, ksqldb, changesReachedAt, observedMs }: ComparedRows): void {
      for (const id of ids) {
        compared += 1;
        const rows = { postgres: postgres.get(id), ksqldb: ksqldb.get(id) };
        const known = differences.get(id);
        if (rows.postgres === rows.ksqldb) differences.delete(id);
        else if (known && known.postgres === rows.postgres && known.ksqldb === rows.ksqldb)
          known.isOvertaken = changesReachedAt > known.postgresAt;
        else if (known || differences.size < mostDifferences)
          differences.set(id, { ...rows, since: observedMs, postgresAt, isOvertaken: false });
      }
    },

    /** Ids to compare again. */
    suspects: (limit: number): number[] => [...differences.keys()].slice(0, limit),

    /** Whether a difference that was found before this observed time still exists. */
    hasDifferenceFrom: (observedMs: number): boolean =>
      [...differences.values()].some(({ since }) => since <= observedMs),

    /** Differences that count as violations. */
    lasting({ observedMs, idleMs, changesIdleMs }: Progress): Violation[] {
      const isOver = (ms: number, limit: number, since: number) => ms >= limit && observedMs - since >= limit;
      return [...differences]
        .filter(
          ([, { since, isOvertaken }]) =>
            isOvertaken || isOver(idleMs, settleMs, since) || isOver(changesIdleMs, stuckMs, since),
        )
        .map(([id, { postgres, ksqldb }]) => ({
          problem: postgres === undefined ? 'not_in_postgres' : ksqldb === undefined ? 'not_in_ksqldb' : 'another_row',
          customer_id: id,
        }));
    },

    figures: () => ({ compared, differences: differences.size }),
  };
}
