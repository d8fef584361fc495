import { pause, type ServiceContext, ShopError } from '@shop/common';
import type { Pool } from 'pg';

/** How long to wait for open transactions, ms. */
const patienceMs = 5_000;

/**
 * The last id that the sequence gave out. When this resolves, all transactions that were writing customers have ended, so
 * each id up to it has a visible row or never will.
 *
 * @returns 0 when the sequence is unused
 * @throws ShopError while one of those transactions is still open
 */
export async function readLastId(pool: Pool, { signal }: Pick<ServiceContext, 'signal'>): Promise<number> {
  const { rows } = await pool.query<{ last: string | null }>(
    "SELECT last_value::text AS last FROM pg_sequences WHERE schemaname = 'public' AND sequencename = 'customers_id_seq'",
  );
  let writers = await readWriters(pool);
  const end = Date.now() + patienceMs;
  while (writers.length > 0) {
    if (Date.now() > end)
      throw new ShopError('writers_open', 'a transaction that writes customers has been open for long', {
        canRetry: true,
      });
    if (!(await pause(50, signal))) throw signal.reason;
    const now = new Set(await readWriters(pool));
    writers = writers.filter((each) => now.has(each));
  }
  return Number(rows[0]?.last ?? 0);
}

/** Transactions that have inserted, or are about to: an INSERT takes this lock before it takes an id. */
async function readWriters(pool: Pool): Promise<string[]> {
  const { rows } = await pool.query<{ transaction: string }>(
    `SELECT virtualtransaction AS transaction FROM pg_locks
     WHERE locktype = 'relation' AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
       AND relation = to_regclass('public.customers') AND mode = 'RowExclusiveLock'`,
  );
  return rows.map(({ transaction }) => transaction);
}
