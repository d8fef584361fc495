import {
  connectKafka,
  connectPostgres,
  createRandom,
  keepTopics,
  mayStatementSucceedLater,
  obeyCommands,
  publishStatus,
  readKafkaSettings,
  readTopics,
  runEvery,
  type ServiceContext,
  waitUntilDone,
} from '@shop/common';
import type { Pool } from 'pg';
import { createManyMoves } from './move-many.ts';
import { createCustomerCommands } from './obey-customer-commands.ts';
import { createPeople } from './people/create-people.ts';
import { readUpdaterSettings } from './settings.ts';
import { type Changes, updateCustomers } from './update-customers.ts';

/** Starts to change the customers table, one round after the other. */
export async function startUpdater(context: ServiceContext): Promise<void> {
  const settings = readUpdaterSettings(context.env);
  const initial = {
    wishes: {
      inserted: settings.CUSTOMERS_INSERTED,
      moved: settings.CUSTOMERS_MOVED,
      deleted: settings.CUSTOMERS_DELETED,
    },
    intervalMs: settings.UPDATE_INTERVAL_MS,
  };
  const connected = reportToKafka(context);

  const pool = await connectPostgres(context);
  const waitForPostgres = <T>(work: () => Promise<T>) =>
    waitUntilDone('Postgres', work, context, { canRetry: mayStatementSucceedLater });
  const random = createRandom(await waitForPostgres(() => readSeed(pool, settings.SEED)));
  const chance = { random, people: createPeople(random) };
  const count = createCounters(context);
  let { wishes, intervalMs } = initial;
  const rounds = runEvery(
    intervalMs,
    async () => count(await waitForPostgres(() => updateCustomers(pool, wishes, chance))),
    context,
  );

  const { people } = chance;
  const countMoved = (moved: number) => count({ inserted: 0, moved, deleted: 0 });
  const manyMoves = createManyMoves({ pool, people, waitForPostgres, countMoved }, context);
  const handlers = createCustomerCommands({
    pool,
    people,
    manyMoves,
    initial,
    change(pace) {
      wishes = { ...wishes, ...pace.wishes };
      if (pace.intervalMs !== undefined) {
        intervalMs = pace.intervalMs;
        rounds.changeInterval(intervalMs);
      }
      return { wishes, intervalMs };
    },
  });
  const topics = readTopics(context.env);
  connected.then((kafka) => kafka && obeyCommands({ ...kafka, topics, handlers }, context));
}

/**
 * Customers change without Kafka too, so the status is published in the background.
 *
 * @returns the client when the topics are there; nothing when the service ends before
 */
async function reportToKafka(context: ServiceContext): Promise<Awaited<ReturnType<typeof connectKafka>> | undefined> {
  const { serviceStatus, commands, commandResults } = readTopics(context.env);
  readKafkaSettings(context.env);
  try {
    const connection = await connectKafka(context);
    await keepTopics(connection.kafka, connection.settings, [serviceStatus, commands, commandResults], context);
    await publishStatus(connection.kafka, serviceStatus.topic, context);
    return connection;
  } catch (error) {
    if (error !== context.signal.reason) context.fail(error);
    return undefined;
  }
}

/**
 * Combines the seed with the last customer: the same seed on the same table makes the same choices, and a second start does
 * not register the same people again.
 */
async function readSeed(pool: Pool, seed: number | undefined): Promise<number | undefined> {
  if (seed === undefined) return undefined;
  const { rows } = await pool.query<{ last: string | null }>('SELECT max(id) AS last FROM customers');
  return (seed + Number(rows[0]?.last ?? 0)) % 2 ** 32;
}

function createCounters({ report }: ServiceContext): (changes: Changes) => void {
  const inserted = report.counter('customers_inserted', 'Customers who registered');
  const moved = report.counter('customers_moved', 'Customers whose address changed');
  const deleted = report.counter('customers_deleted', 'Customers who left');
  return (changes) => {
    inserted(changes.inserted);
    moved(changes.moved);
    deleted(changes.deleted);
  };
}
