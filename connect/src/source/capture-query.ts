import { connectPostgres, type ServiceContext, ShopError } from '@shop/common';
import { DatabaseError, type Pool } from 'pg';
import { type CaptureNames, type CaptureState, captureChecks } from './checks.ts';

export type CaptureStates = Record<string, CaptureState>;

/** The registrar's queries and repairs in Postgres, with the services' login. */
export interface CaptureDatabase {
  /** The state of each check that asks Postgres, by its name. */
  read(names: CaptureNames): Promise<CaptureStates>;
  /** Prepares table and publication. @throws ShopError */
  prepare(): Promise<void>;
  /** Drops the slot, if there is one. @throws ShopError */
  dropSlot(slot: string): Promise<void>;
}

/** One pool for all queries of the registrar, opened by the first one. */
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

export function createCaptureDatabase(pool: () => Promise<Pool>): CaptureDatabase {
  /** Calls a function of postgres_start. @throws ShopError when Postgres refuses it or does not have it */
  async function call(sql: string, values: string[] = []): Promise<void> {
    try {
      await (await pool()).query(sql, values);
    } catch (cause) {
      if (!(cause instanceof DatabaseError)) throw cause;
      const words = cause.code === '42883' ? 'restart postgres_start, which creates its functions' : cause.message;
      throw new ShopError('capture_not_prepared', `Postgres: ${words}`, { cause, canRetry: true });
    }
  }

  return {
    async read(names) {
      const postgres = await pool();
      const states: CaptureStates = {};
      for (const { name, query, values = [] } of captureChecks) {
        if (query === undefined) continue;
        const { rows } = await postgres.query<CaptureState>(
          query,
          values.map((value) => names[value]),
        );
        states[name] = rows[0] ?? { mark: null, right: false };
      }
      return states;
    },
    prepare: () => call('SELECT prepare_capture()'),
    dropSlot: (slot) => call('SELECT drop_capture_slot($1)', [slot]),
  };
}

/** @returns where the WAL ends, when there is any customer: all changes of the visible customers come before */
export async function readWritten(pool: Pool): Promise<bigint | undefined> {
  const { rows } = await pool.query<{ position: string }>(
    "SELECT (pg_current_wal_insert_lsn() - '0/0')::text AS position WHERE EXISTS (SELECT FROM customers)",
  );
  return rows[0] && BigInt(rows[0].position);
}
