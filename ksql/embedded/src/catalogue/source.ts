import type { SourceKind } from '../parser/ast.ts';
import type { FormatName } from '../serde/format.ts';
import type { Schema } from '../types/schema.ts';

/** A stream or a table: columns over a Kafka topic. */
export interface Source {
  readonly name: string;
  readonly kind: SourceKind;
  readonly schema: Schema;
  readonly topic: string;
  readonly partitions: number;
  readonly keyFormat: FormatName;
  readonly valueFormat: FormatName;
  /** The statement that created it, as ksqlDB formats it. */
  readonly statementText: string;
  /** Created with CREATE SOURCE, which refuses inserts. */
  readonly readOnly: boolean;
  /** The query that writes it, or that stores a source table's rows. A table without one answers no pull queries. */
  readonly queryId: string | null;
}
