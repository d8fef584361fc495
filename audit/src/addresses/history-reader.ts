import type { Pool } from 'pg';
import { type Address, addressColumns, type CustomerHistory, printOf } from './customer-history.ts';

/** Rows in one query. */
const pageSize = 5_000;

/**
 * From a place in the history on, in the order of transactions. `settled`: all older transactions have ended, so no row can
 * appear before it any more. The CTE gives one snapshot to all rows.
 */
const pageQuery = `
  WITH oldest AS MATERIALIZED (SELECT pg_snapshot_xmin(pg_current_snapshot()) AS open)
  SELECT h.xact::text, h.seq::text, h.op::text, h.id::text, extract(epoch FROM h.at) * 1000 AS at, h.xact < oldest.open AS settled,
    h.customer IS NOT NULL AS there, ${addressColumns.map((column) => `h.customer ->> '${column}' AS ${column}`).join(', ')}
  FROM audit.customer_history h, oldest
  WHERE (h.xact, h.seq) > ($1::xid8, $2::bigint)
  ORDER BY h.xact, h.seq
  LIMIT ${pageSize}`;

interface PageRow extends Record<keyof Address, string | null> {
  xact: string;
  seq: string;
  op: string;
  id: string;
  at: string;
  settled: boolean;
  there: boolean;
}

/** A column that is missing or null is never what a shipment has. */
const toAddress = ({ first_name, last_name, zipcode, country, address }: PageRow): Address => ({
  first_name: first_name ?? '\0',
  last_name: last_name ?? '\0',
  zipcode: zipcode ?? '\0',
  country: country ?? '\0',
  address: address ?? '\0',
});

/**
 * Reads Postgres' own history of customers on and on. A call costs what has changed since the last one.
 *
 * @returns reads all that was committed before the call. @throws when Postgres does not answer
 */
export function createHistoryReader(pool: Pick<Pool, 'query'>, history: CustomerHistory): () => Promise<void> {
  let place = { xact: '0', seq: '0' };

  return async () => {
    const state = await pool.query<{ forgotten_id: string | null }>('SELECT forgotten_id FROM audit.history_state');
    const forgotten = state.rows[0]?.forgotten_id;
    history.forgetUpTo(forgotten == null ? Number.POSITIVE_INFINITY : Number(forgotten));
    let next = place;
    let allSettled = true;
    for (;;) {
      const { rows } = await pool.query<PageRow>(pageQuery, [next.xact, next.seq]);
      for (const row of rows) {
        history.add({
          id: Number(row.id),
          seq: Number(row.seq),
          from: row.op === 'r' ? Number.NEGATIVE_INFINITY : Math.round(Number(row.at)),
          print: row.there ? printOf(toAddress(row)) : null,
          isFirst: row.op === 'c',
        });
        // What follows the first row that is not settled is read again next time.
        allSettled &&= row.settled;
        if (allSettled) place = { xact: row.xact, seq: row.seq };
      }
      const last = rows.at(-1);
      if (!last || rows.length < pageSize) return;
      next = { xact: last.xact, seq: last.seq };
    }
  };
}
