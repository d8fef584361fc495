import { endsEarlier, readEndsMark } from './ends-mark.ts';

/** The state of something that a connector reads or writes. */
export interface CaptureState {
  /** Identifies it; `null` when it is missing. Another mark means that it was replaced, and that changes may be lost. */
  mark: string | null;
  /** Whether it is as the connector needs it. */
  right: boolean;
}

/** Names from a connector's parameters. */
export interface CaptureNames {
  slot: string;
  publication: string;
  /** With its schema. */
  table: string;
  /** Of the table, those that are captured; empty when the parameters do not list them. */
  columns: readonly string[];
}

/** Something without which changes of customers are lost while Connect reports RUNNING. */
export interface CaptureCheck {
  name: 'table' | 'columns' | 'publication' | 'replica identity' | 'slot' | 'topic';
  /** For the log: what a wrong state, or another mark, means. */
  loss: string;
  /** Asks Postgres: one row, `mark` and `right`. Absent where Kafka is asked: `topic-query.ts`. */
  query?: string;
  /** The query's parameters. */
  values?: readonly (keyof CaptureNames)[];
  /** Whether the mark `now` identifies a replacement; by default, when the marks differ. */
  isAnother?(before: string, now: string | null): boolean;
}

/**
 * The checks of the registrar, in the order of README.md's table. The repair is the same for each: restore what is wrong
 * in Postgres (`prepare_capture()`, `drop_capture_slot()`), then take a new snapshot and report the deletions.
 */
export const captureChecks: readonly CaptureCheck[] = [
  {
    name: 'table',
    loss: 'the table is another one: it was dropped or swapped',
    query: 'SELECT to_regclass($1)::oid::text AS mark, to_regclass($1) IS NOT NULL AS right',
    values: ['table'],
  },
  {
    name: 'columns',
    loss: 'a captured column was altered, which may have changed its values in every row without a change event',
    // xmin changes with each ALTER of the column. The mark leaves out a missing column.
    query: `
      SELECT coalesce(string_agg(format('%s/%s', attname, xmin), ' ' ORDER BY attname), '') AS mark,
             count(*) = cardinality($2::text[]) AS right
      FROM pg_attribute
      WHERE attrelid = to_regclass($1) AND attnum > 0 AND NOT attisdropped AND attname = ANY ($2::text[])`,
    values: ['table', 'columns'],
  },
  {
    name: 'publication',
    loss: 'the publication was changed, or leaves out changes of the table',
    // xmin changes with each ALTER, also when a second ALTER undid the first between two checks.
    query: `
      SELECT concat_ws('/', p.oid, p.xmin, r.oid) AS mark,
             coalesce(p.pubinsert AND p.pubupdate AND p.pubdelete AND p.pubtruncate AND t.rowfilter IS NULL
                      AND t.attnames @> (SELECT array_agg(attname) FROM pg_attribute
                                         WHERE attrelid = to_regclass($2) AND attnum > 0 AND NOT attisdropped),
                      false) AS right
      FROM (SELECT) AS always
      LEFT JOIN pg_publication p ON p.pubname = $1
      LEFT JOIN pg_publication_rel r ON r.prpubid = p.oid AND r.prrelid = to_regclass($2)
      LEFT JOIN pg_publication_tables t ON t.pubname = p.pubname AND (t.schemaname, t.tablename) =
        (SELECT nspname, relname FROM pg_class c JOIN pg_namespace n ON n.oid = relnamespace WHERE c.oid = to_regclass($2))`,
    values: ['publication', 'table'],
  },
  {
    name: 'replica identity',
    loss: 'the replica identity is not FULL, so long texts that did not change are missing in events',
    query: `SELECT relreplident::text AS mark, relreplident = 'f' AS right FROM pg_class WHERE oid = to_regclass($1)`,
    values: ['table'],
  },
  {
    name: 'slot',
    loss: 'the replication slot was dropped, or Postgres has removed WAL that it needs (wal_status = lost)',
    query: `
      SELECT slot_name::text AS mark, wal_status IS DISTINCT FROM 'lost' AND slot_name IS NOT NULL AS right
      FROM (SELECT) AS always LEFT JOIN pg_replication_slots ON slot_name = $1`,
    values: ['slot'],
  },
  {
    name: 'topic',
    loss: 'the topic of changes was deleted, with all that it held',
    isAnother: (before, now) => endsEarlier(readEndsMark(now ?? ''), readEndsMark(before)),
  },
];
