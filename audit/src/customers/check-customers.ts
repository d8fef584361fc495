import type { KsqldbClient } from '@shop/common';
import type { CustomerHistory } from '../addresses/customer-history.ts';
import type { Reach } from '../ask-dependency.ts';
import { mostNamed, type Violation } from '../findings/findings.ts';
import type { PromiseCheck } from '../findings/promise-check.ts';
import { createStillness } from '../idle-time.ts';
import type { ShownChanges } from './change-progress.ts';
import { createCustomerComparison } from './compare-customers.ts';
import { readKsqldbCustomers } from './ksqldb-customers.ts';
import type { PostgresCustomers, PostgresRows } from './postgres-customers.ts';

export interface CustomersPlan {
  history: CustomerHistory;
  /** Customers of whom ksqlDB has published a row. */
  publishedIds(): Iterable<number>;
  /** The last order of a customer that was delivered to a former address. */
  lateOrderOf(customerId: number): string | undefined;
  postgres: PostgresCustomers;
  ksqldb: KsqldbClient;
  reachPostgres: Reach;
  reachKsqldb: Reach;
  changes: ShownChanges;
  /** Grows whenever a change of a customer moves on. */
  changesMoved(): number;
  /** How long a difference may last while nothing of the shop moves, ms of looking. */
  settleMs: number;
  /** How long it may last while no change of a customer moves on, ms of looking. */
  stuckMs: number;
  perRound: number;
}

/** P6: Postgres' customers against ksqlDB's, a page of rows a round, and what differed before once more. */
export function createCustomersCheck(plan: CustomersPlan): PromiseCheck {
  const {
    history,
    publishedIds,
    lateOrderOf,
    postgres,
    ksqldb,
    reachPostgres,
    reachKsqldb,
    changes,
    changesMoved,
    settleMs,
    stuckMs,
    perRound,
  } = plan;
  const comparison = createCustomerComparison({ settleMs, stuckMs });
  const stillness = createStillness();
  let changesStillMs = 0;
  /** By the clock of looks, when the first sweep ended. */
  let sweptAt: number | undefined;
  let after = 0;
  let sweeps = 0;
  let unchecked: string | undefined;

  /** A customer whom Postgres no longer has, or never had, must not be left in ksqlDB. */
  function* idsBetween(low: number, high: number): Iterable<number> {
    for (const ids of [history.ids(), publishedIds()]) for (const id of ids) if (id > low && id <= high) yield id;
  }

  /** Puts violations with an order first: that order went to a former address. */
  function nameFirst(lasting: readonly Violation[]): Violation[] {
    return lasting
      .map(withOrder)
      .toSorted((a, b) => Number(b.order_id !== undefined) - Number(a.order_id !== undefined))
      .slice(0, mostNamed);
  }

  function withOrder(violation: Violation): Violation {
    const order = violation.customer_id === undefined ? undefined : lateOrderOf(violation.customer_id);
    return order === undefined ? violation : { ...violation, order_id: order, detail: 'delivered to a former address' };
  }

  async function compare(ids: readonly number[], rows: PostgresRows, looked: number): Promise<boolean> {
    // Before ksqlDB is asked: what comes through later may not be in its answer.
    const shownUpTo = changes.upTo;
    const known = await reachKsqldb(() => readKsqldbCustomers(ksqldb, ids));
    unchecked = 'reason' in known ? known.reason : undefined;
    if ('reason' in known) return false;
    const postgresAt = rows.until;
    comparison.note(ids, { postgres: rows.prints, postgresAt, ksqldb: known.value, shownUpTo, looked });
    return true;
  }

  async function compareSuspects(looked: number): Promise<void> {
    const ids = comparison.suspects(perRound);
    if (ids.length === 0) return;
    const rows = await reachPostgres(() => postgres.readRows(ids));
    if ('reason' in rows) unchecked = rows.reason;
    else await compare(ids, rows.value, looked);
  }

  return {
    async round({ looked }) {
      changesStillMs = stillness.note(changesMoved(), looked);
      await compareSuspects(looked);
      const page = await reachPostgres(() => postgres.readPage(after, perRound));
      if ('reason' in page) {
        unchecked = page.reason;
        return;
      }
      const ids = [...page.value.prints.keys()];
      const isLast = ids.length < perRound;
      const last = isLast ? Number.POSITIVE_INFINITY : Math.max(...ids);
      const range = [...new Set([...ids, ...idsBetween(after, last)])];
      if (!(await compare(range, page.value, looked))) return;
      after = isLast ? 0 : last;
      if (!isLast) return;
      sweeps += 1;
      sweptAt ??= looked;
    },

    // In a busy shop some rows always differ; those of the first sweep have to come right.
    undecided: ({ quiet }) =>
      unchecked === undefined &&
      (sweptAt === undefined || (quiet ? comparison.figures().differences > 0 : comparison.isOpenSince(sweptAt))),

    standings({ looked, stillMs }) {
      const lasting = comparison.lasting({ looked, stillMs, changesStillMs });
      const { compared, differences } = comparison.figures();
      return {
        P6: {
          cases: compared,
          found: [{ count: lasting.length, first: nameFirst(lasting) }],
          figures: { differences, sweeps },
          unchecked: unchecked ?? (compared === 0 ? 'there are no customers' : undefined),
        },
      };
    },
  };
}
