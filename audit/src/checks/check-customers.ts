import type { KsqldbClient } from '@shop/common';
import { createCustomerComparison } from '../customers/compare-customers.ts';
import type { CustomerHistory } from '../customers/customer-history.ts';
import { readKsqldbCustomers } from '../customers/ksqldb-customers.ts';
import type { PostgresCustomers } from '../customers/postgres-customers.ts';
import { mostNamed } from '../findings/findings.ts';
import type { PromiseCheck } from './promise-check.ts';
import type { Reach } from './reach.ts';

export interface CustomersPlan {
  history: CustomerHistory;
  postgres: PostgresCustomers;
  ksqldb: KsqldbClient;
  reachPostgres: Reach;
  reachKsqldb: Reach;
  /** How long a difference may last, ms. */
  settleMs: number;
  perRound: number;
}

/** P6: Postgres' customers against ksqlDB's, a page of rows a round, and what differed before once more. */
export function createCustomersCheck(plan: CustomersPlan): PromiseCheck {
  const { history, postgres, ksqldb, reachPostgres, reachKsqldb, settleMs, perRound } = plan;
  const comparison = createCustomerComparison(settleMs);
  let after = 0;
  let sweeps = 0;
  let unchecked: string | undefined;

  /** Those that the topic tells of, too: a customer whom Postgres no longer has must not be left in ksqlDB. */
  const idsBetween = (low: number, high: number) => [...history.ids()].filter((id) => id > low && id <= high);

  async function compareIds(ids: readonly number[], now: number): Promise<void> {
    if (ids.length === 0) return;
    const rows = await reachPostgres(() => postgres.readRows(ids));
    const known = await reachKsqldb(() => readKsqldbCustomers(ksqldb, ids));
    unchecked = 'reason' in rows ? rows.reason : 'reason' in known ? known.reason : undefined;
    if ('value' in rows && 'value' in known) comparison.note(ids, rows.value.prints, known.value, now);
  }

  return {
    async round({ now }) {
      await compareIds(comparison.suspects(perRound), now);
      const page = await reachPostgres(() => postgres.readPage(after, perRound));
      if ('reason' in page) {
        unchecked = page.reason;
        return;
      }
      const ids = [...page.value.prints.keys()];
      const isLast = ids.length < perRound;
      const last = isLast ? Number.POSITIVE_INFINITY : Math.max(...ids);
      const range = [...new Set([...ids, ...idsBetween(after, last)])];
      const known = await reachKsqldb(() => readKsqldbCustomers(ksqldb, range));
      unchecked = 'reason' in known ? known.reason : undefined;
      if ('reason' in known) return;
      comparison.note(range, page.value.prints, known.value, now);
      after = isLast ? 0 : last;
      if (isLast) sweeps += 1;
    },

    undecided: () => unchecked === undefined && (sweeps === 0 || comparison.figures().differences > 0),

    standings({ now }) {
      const lasting = comparison.lasting(now);
      const { compared, differences } = comparison.figures();
      return {
        P6: {
          cases: compared,
          found: [{ count: lasting.length, first: lasting.slice(0, mostNamed) }],
          figures: { differences, sweeps },
          unchecked: unchecked ?? (compared === 0 ? 'there are no customers' : undefined),
        },
      };
    },
  };
}
