import { connectPostgres, type ServiceContext } from '@shop/common';
import type { Pool } from 'pg';

/** One pool for all that the registrar asks Postgres; opened by the first question. */
export function createLazyPool(context: ServiceContext): () => Promise<Pool> {
  let opening: Promise<Pool> | undefined;
  return () => {
    opening ??= connectPostgres(context).catch((error) => {
      opening = undefined;
      throw error;
    });
    return opening;
  };
}

/** Whether Postgres has a replication slot of this name. */
export function createSlotQuery(pool: () => Promise<Pool>): (slot: string) => Promise<boolean> {
  return async (slot) => {
    const { rowCount } = await (await pool()).query('SELECT FROM pg_replication_slots WHERE slot_name = $1', [slot]);
    return rowCount === 1;
  };
}
