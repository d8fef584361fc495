import type { ServiceContext } from '@shop/common';
import { readPostgresSettings } from '@shop/common';
import { Pool } from 'pg';
import { type Address, printOf } from './customer-history.ts';

/** Rows of customers by id, as prints, with Postgres' time before and after they were read, ms since 1970. */
export interface PostgresRows {
  prints: Map<number, number>;
  at: number;
  until: number;
}

export type ReadRows = (ids: readonly number[]) => Promise<PostgresRows>;

export interface PostgresCustomers {
  readRows: ReadRows;
  /** Rows with ids above `after`, in order of id. */
  readPage(after: number, limit: number): Promise<PostgresRows>;
}

type Row = Address & { id: string; at: string; until: string };

const columns = 'id, first_name, last_name, zipcode, country, address';
// The statement's snapshot is taken later than the statement's start, and before the first row is made.
const clock = `extract(epoch FROM statement_timestamp()) * 1000 AS at, extract(epoch FROM clock_timestamp()) * 1000 AS until`;

/** Opens a pool that waits for nothing: a Postgres that is away makes each query fail. @throws SettingError */
export function openPostgresCustomers(
  context: Pick<ServiceContext, 'name' | 'env' | 'logger' | 'onClose'>,
): PostgresCustomers {
  const { host, port, database, shop } = readPostgresSettings(context.env);
  const pool = new Pool({
    host,
    port,
    database,
    ...shop,
    max: 2,
    connectionTimeoutMillis: 5_000,
    statement_timeout: 15_000,
    query_timeout: 20_000,
    application_name: context.name,
  });
  pool.on('error', (err) => context.logger.debug({ err }, 'an idle connection to Postgres broke'));
  context.onClose(() => pool.end());

  async function read(condition: string, values: unknown[]): Promise<PostgresRows> {
    // One row at the least, for the time.
    const sql = `SELECT ${clock}, c.* FROM (SELECT) AS one LEFT JOIN (SELECT ${columns} FROM customers ${condition}) AS c ON true`;
    const { rows } = await pool.query<Row | { id: null; at: string; until: string }>(sql, values);
    const prints = new Map<number, number>();
    for (const row of rows) if (row.id !== null) prints.set(Number(row.id), printOf(row));
    return { prints, at: Math.floor(Number(rows[0]?.at)), until: Math.ceil(Number(rows[0]?.until)) };
  }

  return {
    readRows: (ids) => read('WHERE id = ANY($1::bigint[])', [ids]),
    readPage: (after, limit) => read('WHERE id > $1 ORDER BY id LIMIT $2', [after, limit]),
  };
}
