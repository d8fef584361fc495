import { readTopics } from '@shop/common';
import { createShopDatabase, fillCustomers, nameTopics, type Scope, until } from '@shop/test-support';
import { WrongAnswer } from '../check-answers.ts';
import type { Answers, Figure, Round } from '../figure.ts';
import { readCounters } from '../shop/read-counters.ts';
import { runContestant, runFor, startCompiled } from '../shop/start-compiled.ts';

type Database = Awaited<ReturnType<typeof createShopDatabase>>;

/** Customers who register, move and leave in a round of the updater, in the proportion of the shop. */
const perRound = { inserted: 2_000, moved: 1_000, deleted: 200 };
const changesPerRound = perRound.inserted + perRound.moved + perRound.deleted;

export const changeCustomersFigure: Figure = {
  name: 'change-customers',
  what: 'customers that the updater changes at full speed',
  unit: 'customers/s',
  higherIsBetter: true,
  servers: ['kafka', 'postgres'],
  async open(context) {
    const seconds = context.quick ? 1 : 10;
    const customers = context.quick ? 20_000 : 100_000;
    return [
      {
        label: `rounds of ${changesPerRound.toLocaleString('en')} changes`,
        targets: [{ against: 'ceiling', limit: 0.8 }],
        contestants: [
          {
            role: 'ours',
            what: 'updater, one round after the other',
            run: (scope) => runUpdater(scope, customers, seconds),
          },
          {
            role: 'obvious',
            what: 'one statement per row',
            run: (scope) => runStatements(scope, customers, 'one row', context.quick ? 0.1 : 2),
          },
          {
            role: 'ceiling',
            what: 'the same statements of many rows, by a bare client with ready values',
            run: (scope) => runStatements(scope, customers, 'many rows', context.quick ? 4 : 60),
          },
        ],
      },
    ];
  },
};

async function createDatabase(scope: Scope, customers: number): Promise<Database> {
  const database = await createShopDatabase(scope);
  await fillCustomers(database.superuser, customers);
  await database.superuser.query('ANALYZE customers; TRUNCATE audit.customer_history');
  return database;
}

async function runUpdater(scope: Scope, customers: number, seconds: number): Promise<Round> {
  const database = await createDatabase(scope, customers);
  const { env } = nameTopics(scope, 'SERVICE_STATUS_TOPIC');
  const updater = startCompiled(scope, 'updater', {
    ...database.env,
    ...env,
    UPDATE_INTERVAL_MS: '50',
    CUSTOMERS_INSERTED: String(perRound.inserted),
    CUSTOMERS_MOVED: String(perRound.moved),
    CUSTOMERS_DELETED: String(perRound.deleted),
  });
  await until('the first round', async () => (await readHistory(database)).received > 0);
  await runFor(seconds, 'updater', updater);
  const { transactions } = await readHistory(database);
  const { customers_inserted: counted = 0 } = await readCounters(scope, readTopics(env).serviceStatus.topic);
  // The last status may be older than the round that ended during shutdown.
  const uncounted = transactions - counted / perRound.inserted;
  if (uncounted !== 0 && uncounted !== 1)
    throw new WrongAnswer(`updater counted ${counted} new customers; Postgres has ${transactions} rounds`);
  return measure(database, {
    changes: transactions * changesPerRound,
    remaining: customers + transactions * (perRound.inserted - perRound.deleted),
  });
}

/** @param rounds less than 1 for a part of the changes of one round */
async function runStatements(
  scope: Scope,
  customers: number,
  way: 'one row' | 'many rows',
  rounds: number,
): Promise<Round> {
  const database = await createDatabase(scope, customers);
  const { SHOP_USER: user, SHOP_PASSWORD: password, POSTGRES_HOST, POSTGRES_PORT, POSTGRES_DB } = database.env;
  const url = `postgres://${user}:${password}@${POSTGRES_HOST}:${POSTGRES_PORT}/${POSTGRES_DB}`;
  const share = Math.min(1, rounds);
  const counts = [perRound.inserted, perRound.moved, perRound.deleted].map((count) => count * share);
  const whole = Math.max(1, rounds);
  await runContestant(scope, 'change-rows.ts', [way, url, String(whole), ...counts.map(String)]);
  const [inserted = 0, moved = 0, deleted = 0] = counts.map((count) => count * whole);
  return measure(database, { changes: inserted + moved + deleted, remaining: customers + inserted - deleted });
}

interface History {
  transactions: number;
  received: number;
  distinct: number;
  /** Changes per second, from the end of the first transaction to the end of the last. */
  per_second: number;
}

/** Reads the changes that triggers have noted in the audit's history. */
async function readHistory({ superuser }: Database): Promise<History> {
  const { rows } = await superuser.query<History>(
    `WITH transactions AS (
       SELECT xact, count(*) AS changes, count(DISTINCT (id, op)) AS distinct_changes, max(at) AS at
       FROM audit.customer_history GROUP BY xact
     ), first AS (SELECT * FROM transactions ORDER BY at LIMIT 1)
     SELECT count(*)::int AS transactions, coalesce(sum(changes), 0)::int AS received, coalesce(sum(distinct_changes), 0)::int AS distinct,
       ((sum(changes) - (SELECT changes FROM first))
         / nullif(extract(epoch FROM max(at) - (SELECT at FROM first)), 0))::float8 AS per_second
     FROM transactions`,
  );
  return rows[0] ?? { transactions: 0, received: 0, distinct: 0, per_second: Number.NaN };
}

async function measure(
  database: Database,
  { changes, remaining }: { changes: number; remaining: number },
): Promise<Round> {
  const { received, distinct, per_second } = await readHistory(database);
  const { rows } = await database.superuser.query<{ count: number }>('SELECT count(*)::int FROM customers');
  const answers: Answers = {
    expected: changes,
    received,
    distinct,
    wrong: Math.abs((rows[0]?.count ?? 0) - remaining),
  };
  return { value: per_second, answers };
}
