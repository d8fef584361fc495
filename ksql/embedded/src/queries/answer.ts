import type { Column } from '../types/schema.ts';
import type { Row } from '../types/value.ts';

export interface AnswerColumn extends Column {
  readonly key: boolean;
}

/** A row, or a note that the row with this key was deleted. */
export interface AnswerRow {
  readonly columns: Row;
  readonly tombstone: boolean;
}

/** What a query answers: its columns, then rows, all at once or as they come. */
export interface QueryAnswer {
  readonly queryId: string;
  readonly columns: readonly AnswerColumn[];
  readonly rows: Iterable<Row> | AsyncIterable<readonly AnswerRow[]>;
  /** Said at the end in the v1 format if the query stopped at its LIMIT. */
  readonly saysLimit: boolean;
  /** Said at the end in the v1 format when all there is was read. */
  readonly saysCompleted?: boolean;
}
