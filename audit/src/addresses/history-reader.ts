import type { Pool } from 'pg';
import { addressColumns, rowFingerprint } from '../customers/row-fingerprint.ts';
import type { CustomerHistory } from './customer-history.ts';

/** Rows in one query. */
const pageSize = 5_000;

/**
 * Reads a page after a position, in the order of transactions. `is_settled`: all older transactions have ended, so no row can
 * appear before this one any more. The CTE gives one snapshot to all rows.
 */
const pageQuery = `
  WITH oldest AS MATERIALIZED (SELECT pg_snapshot_xmin(pg_current_snapshot()) AS open)
  SELECT h.xact::text, h.seq::text, h.op::text, h.id::text, extract(epoch FROM h.at) * 1000 AS at,
    h.xact < oldest.open AS is_settled, h.customer IS NOT NULL AS has_row,
    ${addressColumns.map((column) => `h.customer ->> '${column}' AS ${column}`).join(', ')}
  FROM audit.customer_history h, oldest
  WHERE (h.xact, h.seq) > ($1::xid8, $2::bigint)
  ORDER BY h.xact, h.seq
  LIMIT ${pageSize}`;

interface PageRow extends Record<(typeof addressColumns)[number], string | null> {
  xact: string;
  seq: string;
  op: string;
  id: string;
  at: string;
  is_settled: boolean;
  has_row: boolean;
}

/**
 * Creates a function that reads the history of customers from Postgres. Each call reads what was committed since the last one.
 *
 * @returns reads everything that was committed before the call. @throws when Postgres does not answer
 */
export function createHistoryReader(pool: Pick<Pool, 'query'>, history: CustomerHistory): () => Promise<void> {
  let position = { xact: '0', seq: '0' };

  return async () => {
    const state = await pool.query<{ forgotten_id: string | null }>('SELECT forgotten_id FROM audit.history_state');
    const forgotten = state.rows[0]?.forgotten_id;
    history.setForgottenId(forgotten == null ? Number.POSITIVE_INFINITY : Number(forgotten));
    let next = position;
    let allSettled = true;
    for (;;) {
      const { rows } = await pool.query<PageRow>(pageQuery, [next.xact, next.seq]);
      for (const row of rows) {
        history.add({
          id: Number(row.id),
          seq: Number(row.seq),
          from: row.op === 'r' ? Number.NEGATIVE_INFINITY : Math.round(Number(row.at)),
          row: row.has_row ? rowFingerprint(row) : null,
          isFirst: row.op === 'c',
        });
        // The next call reads again what follows the first row that is not settled.
        allSettled &&= row.is_settled;
        if (allSettled) position = { xact: row.xact, seq: row.seq };
      }
      const last = rows.at(-1);
      if (!last || rows.length < pageSize) return;
      next = { xact: last.xact, seq: last.seq };
    }
  };
}
