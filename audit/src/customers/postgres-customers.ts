import type { ServiceContext } from '@shop/common';
import { readPostgresSettings } from '@shop/common';
import { Pool } from 'pg';
import { addressColumns, type RowFingerprints, rowFingerprint } from './row-fingerprint.ts';

export interface PostgresRows {
  rows: RowFingerprints;
  /** Postgres' time after the rows were read, ms since 1970. */
  readAt: number;
}

export interface PostgresCustomers {
  pool: Pool;
  readRows(ids: readonly number[]): Promise<PostgresRows>;
  /** Rows with ids above `after`, in order of id. */
  readPage(after: number, limit: number): Promise<PostgresRows>;
}

type Row = Record<(typeof addressColumns)[number], string> & { id: string; read_at: string };

/** As text, like ksqlDB's columns, whatever their types are in Postgres. */
const columns = addressColumns.map((column) => `${column}::text AS ${column}`).join(', ');
// clock_timestamp() is later than the statement's snapshot.
const clock = `extract(epoch FROM clock_timestamp()) * 1000 AS read_at`;

/** Opens a pool whose queries fail at once while Postgres is unavailable. @throws SettingError */
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
    // The left join returns at least one row, which carries the time.
    const sql = `SELECT ${clock}, c.* FROM (SELECT) AS one LEFT JOIN (SELECT id, ${columns} FROM customers ${condition}) AS c ON true`;
    const { rows } = await pool.query<Row | { id: null; read_at: string }>(sql, values);
    const found = new Map<number, number>();
    for (const row of rows) if (row.id !== null) found.set(Number(row.id), rowFingerprint(row));
    return { rows: found, readAt: Math.ceil(Number(rows[0]?.read_at)) };
  }

  return {
    pool,
    readRows: (ids) => read('WHERE id = ANY($1::bigint[])', [ids]),
    readPage: (after, limit) => read('WHERE id > $1 ORDER BY id LIMIT $2', [after, limit]),
  };
}
