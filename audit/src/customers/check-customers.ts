import type { KsqldbClient } from '@shop/common';
import type { AskDependency } from '../ask-dependency.ts';
import { mostNamed, type Violation } from '../findings/findings.ts';
import type { PromiseCheck } from '../findings/promise-check.ts';
import { createIdleTime } from '../idle-time.ts';
import type { ChangeProgress } from './change-progress.ts';
import type { ChangeReader } from './change-reader.ts';
import { createCustomerComparison } from './compare-customers.ts';
import { createIdSweep } from './id-sweep.ts';
import { readKsqldbCustomers } from './ksqldb-customers.ts';
import type { PostgresCustomers, PostgresRows } from './postgres-customers.ts';

interface CustomersCheckPlan {
  /** Customers that Postgres' history has. */
  historyIds(): Iterable<number>;
  /** The topic of ksqlDB's table CUSTOMERS. */
  table: {
    /** Customers with a row in it. */
    ids(): Iterable<number>;
    /** Number of records read from it. */
    readonly records: number;
  };
  /** The last order that was delivered to a former address of a customer. */
  lateOrderOf(customerId: number): string | undefined;
  postgres: PostgresCustomers;
  ksqldb: KsqldbClient;
  askPostgres: AskDependency;
  askKsqldb: AskDependency;
  /** Debezium's topic. */
  changesTopic: string;
  changeReader: ChangeReader;
  changeProgress: ChangeProgress;
  /** How long a difference may last while nothing in the shop moves, ms of observed time. */
  settleMs: number;
  /** How long it may last while no change of a customer moves, ms of observed time. */
  stuckMs: number;
  rowsPerRound: number;
}

/** P6: compares Postgres' customers with ksqlDB's. Each round compares one page of rows, and earlier differences again. */
export function createCustomersCheck(plan: CustomersCheckPlan): PromiseCheck {
  const { historyIds, table, lateOrderOf, postgres, ksqldb, askPostgres, askKsqldb } = plan;
  const { changesTopic, changeReader, changeProgress, rowsPerRound } = plan;
  const comparison = createCustomerComparison(plan);
  /** ksqlDB must not have a customer that Postgres no longer has or never had. */
  function* knownIds(): Iterable<number> {
    yield* historyIds();
    yield* table.ids();
  }
  const sweep = createIdSweep(knownIds, rowsPerRound);
  const changesIdle = createIdleTime();
  let changesIdleMs = 0;
  /** Observed time when the first sweep over all rows ended, ms. */
  let sweptAt: number | undefined;
  let sweeps = 0;
  let unchecked: string | undefined;

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

  /** @returns whether ksqlDB answered */
  async function compare(ids: readonly number[], { rows, readAt }: PostgresRows, observedMs: number): Promise<boolean> {
    // Read before ksqlDB is asked: its answer may lack changes that arrive later.
    const changesReachedAt = changeProgress.reachedAt;
    const answer = await askKsqldb(() => readKsqldbCustomers(ksqldb, ids));
    unchecked = 'reason' in answer ? answer.reason : undefined;
    if ('reason' in answer) return false;
    const compared = { postgres: rows, postgresAt: readAt, ksqldb: answer.value, changesReachedAt, observedMs };
    comparison.compare(ids, compared);
    return true;
  }

  async function compareSuspects(observedMs: number): Promise<void> {
    const ids = comparison.suspects(rowsPerRound);
    if (ids.length === 0) return;
    const rows = await askPostgres(() => postgres.readRows(ids));
    if ('reason' in rows) unchecked = rows.reason;
    else await compare(ids, rows.value, observedMs);
  }

  return {
    onRecord(record) {
      if (record.topic === changesTopic) changeReader.read(record);
    },

    async round({ observedMs }) {
      changesIdleMs = changesIdle.note(changeReader.records + table.records, observedMs);
      await compareSuspects(observedMs);
      const page = await askPostgres(() => postgres.readPage(sweep.after, rowsPerRound));
      if ('reason' in page) {
        unchecked = page.reason;
        return;
      }
      const range = sweep.choose([...page.value.rows.keys()]);
      if (!(await compare(range.ids, page.value, observedMs)) || !sweep.finish(range)) return;
      sweeps += 1;
      sweptAt ??= observedMs;
    },

    // In a busy shop some rows always differ. The differences of the first sweep must disappear.
    undecided: ({ quiet }) =>
      unchecked === undefined &&
      (sweptAt === undefined || (quiet ? comparison.figures().differences > 0 : comparison.hasDifferenceFrom(sweptAt))),

    statuses({ observedMs, idleMs }) {
      const lasting = comparison.lasting({ observedMs, idleMs, changesIdleMs });
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
