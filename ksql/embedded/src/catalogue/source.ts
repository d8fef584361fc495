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
  /** The statement that made it, as ksqlDB writes it back. */
  readonly statementText: string;
  /** CREATE SOURCE …: inserts are refused. */
  readonly readOnly: boolean;
  /** The query that fills it, or that keeps a source table's rows; a table without one cannot be pulled from. */
  readonly queryId: string | null;
}
