import { type Refill, readTopics } from '@shop/common';
import {
  createShopDatabase,
  createTopics,
  fillCustomers,
  nameTopics,
  openTestKafka,
  type Scope,
  until,
} from '@shop/test-support';
import type { BenchContext, Comparison, Contestant, Figure, Role, Round } from '../figure.ts';
import { readCounters } from '../shop/read-counters.ts';
import { readResults } from '../shop/read-results.ts';
import { produceOrders } from '../shop/run-order-service.ts';
import { runFor, startCompiled } from '../shop/start-compiled.ts';
import { spreadOf } from '../spread.ts';

type Database = Awaited<ReturnType<typeof createShopDatabase>>;

interface Table {
  database: Database;
  customers: number;
}

/** Orders in a batch of order-service. */
const ordersPerBatch = 1_000;
/** Changes of the updater in a tick, as in the shop. */
const perTick = { inserted: 10, moved: 5, deleted: 1 };
const changesPerTick = perTick.inserted + perTick.moved + perTick.deleted;
const intervalMs = 100;

export const tableSizeFigure: Figure = {
  name: 'table-size',
  what: 'one tick of the updater, one batch of orders and one refill, in a large table of customers beside a small one',
  unit: 'ms',
  higherIsBetter: false,
  servers: ['kafka', 'postgres'],
  async open(context) {
    const [small, ...large] = context.quick
      ? [1_000, 20_000]
      : [10_000, 1_000_000, ...(context.large ? [10_000_000] : [])];
    const smallTable = await createTable(context, small ?? 0);
    const seconds = context.quick ? 1 : 10;
    const comparisons: Comparison[] = [];
    for (const customers of large) {
      const table = await createTable(context, customers);
      const compare = (
        what: string,
        run: (scope: Scope, table: Table, seconds: number) => Promise<Round>,
      ): Comparison => ({
        label: `${what}, ${customers.toLocaleString('en')} customers`,
        targets: [{ against: 'ceiling', limit: 1.2 }],
        contestants: [
          contestant('ours', table, (scope) => run(scope, table, seconds)),
          contestant('ceiling', smallTable, (scope) => run(scope, smallTable, seconds)),
        ],
      });
      comparisons.push(
        compare('one tick of the updater', runUpdater),
        compare(`one batch of ${ordersPerBatch.toLocaleString('en')} orders`, runOrders),
        compare('one refill', runRefills),
      );
    }
    return comparisons;
  },
};

const contestant = (role: Role, { customers }: Table, run: Contestant['run']): Contestant => ({
  role,
  what: `${customers.toLocaleString('en')} customers`,
  run,
});

/** Creates a table of customers, with a record of how long each transaction of the updater takes. */
async function createTable(context: BenchContext, customers: number): Promise<Table> {
  const database = await createShopDatabase(context);
  context.say(`filling a table with ${customers.toLocaleString('en')} customers`);
  const atOnce = 500_000;
  for (let filled = 0; filled < customers; filled += atOnce)
    await fillCustomers(database.superuser, Math.min(atOnce, customers - filled));
  // now() is the start of the transaction. Moves are its last statement.
  await database.superuser.query(`
    CREATE TABLE ticks (ms float8 NOT NULL);
    CREATE FUNCTION note_tick() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER AS $$
    BEGIN
      INSERT INTO public.ticks VALUES (extract(epoch FROM clock_timestamp() - now()) * 1000);
      RETURN NULL;
    END $$;
    CREATE TRIGGER note_tick AFTER UPDATE ON customers FOR EACH STATEMENT EXECUTE FUNCTION note_tick()`);
  await database.superuser.query('VACUUM ANALYZE customers');
  return { database, customers };
}

/** Measures the updater's transactions: choosing customers, and changing them. */
async function runUpdater(scope: Scope, { database }: Table, seconds: number): Promise<Round> {
  const { superuser } = database;
  const { env } = nameTopics(scope, 'SERVICE_STATUS_TOPIC');
  await superuser.query('TRUNCATE ticks, audit.customer_history');
  const updater = startCompiled(scope, 'updater', {
    ...database.env,
    ...env,
    UPDATE_INTERVAL_MS: String(intervalMs),
    CUSTOMERS_INSERTED: String(perTick.inserted),
    CUSTOMERS_MOVED: String(perTick.moved),
    CUSTOMERS_DELETED: String(perTick.deleted),
  });
  const readTicks = async () => (await superuser.query<{ ms: number }>('SELECT ms FROM ticks')).rows;
  await until('the first tick', async () => (await readTicks()).length > 0);
  await runFor(seconds, 'updater', updater);
  const ticks = await readTicks();
  const { rows } = await superuser.query<{ received: number; distinct: number }>(
    'SELECT count(*)::int AS received, count(DISTINCT (id, op, xact))::int AS distinct FROM audit.customer_history',
  );
  const { received = 0, distinct = 0 } = rows[0] ?? {};
  return {
    value: spreadOf(ticks.map(({ ms }) => ms)).median,
    answers: { expected: ticks.length * changesPerTick, received, distinct, wrong: 0 },
  };
}

/** Measures a batch of order-service at full speed. It reads a new sample of the table every second. */
async function runOrders(scope: Scope, { database, customers }: Table, seconds: number): Promise<Round> {
  // The updater adds customers to the table.
  const round = await produceOrders(scope, database, { customers: 2 * customers, seconds });
  return { ...round, value: (ordersPerBatch * 1_000) / round.value };
}

/** Measures refills: from their creation until Kafka has them. */
async function runRefills(scope: Scope, { database }: Table, seconds: number): Promise<Round> {
  const { env } = nameTopics(scope, 'REFILLS_TOPIC', 'SERVICE_STATUS_TOPIC');
  const { refills, serviceStatus } = readTopics(env);
  const { admin, close } = await openTestKafka();
  await createTopics(admin, [refills.topic], refills.partitions, refills.config);
  await close();
  const service = startCompiled(scope, 'refill-inventory', {
    ...database.env,
    ...env,
    REFILL_INTERVAL_MS: String(intervalMs),
  });
  await service.said('ready');
  await runFor(seconds, 'refill-inventory', service);
  const { refills_made: made = 0 } = await readCounters(scope, serviceStatus.topic);
  const numbers = new Map<string, number>();
  const took: number[] = [];
  const { answers } = await readResults(scope, refills.topic, made, ({ value, timestamp }) => {
    const { refill_id, refilled_at } = JSON.parse(String(value)) as Refill;
    const index = numbers.get(refill_id) ?? numbers.size;
    numbers.set(refill_id, index);
    took.push(timestamp - Date.parse(refilled_at));
    return { index, right: true };
  });
  return { value: spreadOf(took).median, answers };
}
