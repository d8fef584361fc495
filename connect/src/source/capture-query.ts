import { connectPostgres, type ServiceContext } from '@shop/common';
import type { Pool } from 'pg';

/** What Postgres has of what a connector reads from. */
export interface Capture {
  hasSlot: boolean;
  /** Changes whenever the publication is made anew; `undefined`: there is none. */
  publication: string | undefined;
}

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

export function createCaptureQuery(pool: () => Promise<Pool>) {
  return async (slot: string, publication: string): Promise<Capture> => {
    const { rows } = await (await pool()).query<{ has_slot: boolean; publication: string | null }>(
      `SELECT EXISTS (SELECT FROM pg_replication_slots WHERE slot_name = $1) AS has_slot,
              (SELECT oid::text FROM pg_publication WHERE pubname = $2) AS publication`,
      [slot, publication],
    );
    return { hasSlot: rows[0]?.has_slot ?? false, publication: rows[0]?.publication ?? undefined };
  };
}

/** Whether there is any customer. */
export async function hasCustomers(pool: Pool): Promise<boolean> {
  const { rows } = await pool.query<{ any: boolean }>('SELECT EXISTS (SELECT FROM customers) AS any');
  return rows[0]?.any ?? false;
}
