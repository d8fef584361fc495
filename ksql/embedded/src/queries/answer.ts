import type { Column } from '../types/schema.ts';
import type { Row } from '../types/value.ts';

export interface AnswerColumn extends Column {
  readonly key: boolean;
}

/** A row, or the tombstone of a deleted row. */
export interface AnswerRow {
  readonly columns: Row;
  readonly tombstone: boolean;
}

/** The answer to a query: its columns, and its rows, complete or as a stream. */
export interface QueryAnswer {
  readonly queryId: string;
  readonly columns: readonly AnswerColumn[];
  readonly rows: Iterable<Row> | AsyncIterable<readonly AnswerRow[]>;
  /** Whether the v1 format ends with a message when the query reaches its LIMIT. */
  readonly saysLimit: boolean;
  /** Whether the v1 format ends with a message when all records were read. */
  readonly saysCompleted?: boolean;
}
