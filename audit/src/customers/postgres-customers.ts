import type { ServiceContext } from '@shop/common';
import { readPostgresSettings } from '@shop/common';
import { Pool } from 'pg';
import { type Address, addressColumns, printOf } from '../addresses/customer-history.ts';

/** Rows of customers by id, as prints, with Postgres' time after they were read, ms since 1970. */
export interface PostgresRows {
  prints: Map<number, number>;
  until: number;
}

export type ReadRows = (ids: readonly number[]) => Promise<PostgresRows>;

export interface PostgresCustomers {
  pool: Pool;
  readRows: ReadRows;
  /** Rows with ids above `after`, in order of id. */
  readPage(after: number, limit: number): Promise<PostgresRows>;
}

type Row = Address & { id: string; until: string };

/** As text, like ksqlDB's columns, whatever type a user gives them. */
const columns = addressColumns.map((column) => `${column}::text AS ${column}`).join(', ');
// Later than the statement's snapshot.
const clock = `extract(epoch FROM clock_timestamp()) * 1000 AS until`;

/** Opens a pool that waits for nothing: while Postgres is unavailable, each query fails. @throws SettingError */
export function openPostgresCustomers(
  context: Pick<ServiceContext, 'name' | 'env' | 'logger' | 'onClose'>,
): PostgresCustomers {
  const { host, port, database, audit } = readPostgresSettings(context.env);
  const pool = new Pool({
    host,
    port,
    database,
    ...audit,
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
    const sql = `SELECT ${clock}, c.* FROM (SELECT) AS one LEFT JOIN (SELECT id, ${columns} FROM customers ${condition}) AS c ON true`;
    const { rows } = await pool.query<Row | { id: null; until: string }>(sql, values);
    const prints = new Map<number, number>();
    for (const row of rows) if (row.id !== null) prints.set(Number(row.id), printOf(row));
    return { prints, until: Math.ceil(Number(rows[0]?.until)) };
  }

  return {
    pool,
    readRows: (ids) => read('WHERE id = ANY($1::bigint[])', [ids]),
    readPage: (after, limit) => read('WHERE id > $1 ORDER BY id LIMIT $2', [after, limit]),
  };
}
