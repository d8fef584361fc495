/** The answer of `POST /query`: the rows of a SELECT, or what ksqlDB answers to SHOW, DESCRIBE and EXPLAIN. */
export type QueryAnswer =
  | {
      columns: string[];
      rows: unknown[][];
      /** Why no more rows follow: there are none, or the answer reached its limit of rows or time. */
      ended: 'complete' | 'rows' | 'time';
    }
  | { answer: Record<string, unknown>[] };
