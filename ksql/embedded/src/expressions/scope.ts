import { KsqlError } from '../errors.ts';
import type { ColumnReference, Position } from '../parser/ast.ts';
import { allColumns, pseudoColumns, type Schema } from '../types/schema.ts';
import type { SqlType } from '../types/sql-type.ts';

/** A column that an expression may name. Its index in the scope is its index in the flat row. */
export interface ScopeColumn {
  readonly source: string;
  readonly name: string;
  readonly type: SqlType;
  readonly key: boolean;
  readonly pseudo: boolean;
}

export type Scope = readonly ScopeColumn[];

/** The columns of one source's flat row: its key, its value, then the pseudo columns. */
export function scopeOf(source: string, schema: Schema): ScopeColumn[] {
  const keys = new Set(schema.key);
  return [
    ...allColumns(schema).map((column) => ({
      source,
      name: column.name,
      type: column.type,
      key: keys.has(column),
      pseudo: false,
    })),
    ...pseudoColumns.map(({ name, type }) => ({ source, name, type, key: false, pseudo: true })),
  ];
}

const place = (at: Position): string => `Line: ${at.line}, Col: ${at.column}: `;

/** Returns the column's index in the flat row. An error message names the `clause` (SELECT, WHERE, …). */
export function resolveColumn(scope: Scope, { source, name, at }: ColumnReference, clause: string): number {
  const found = scope.flatMap((column, i) =>
    column.name === name && (source === undefined || column.source === source) ? [i] : [],
  );
  const [only] = found;
  if (only !== undefined && found.length === 1) return only;
  const full = source === undefined ? name : `${source}.${name}`;
  if (found.length > 1)
    throw new KsqlError(
      `${place(at)}${clause} column '${full}' is ambiguous. Could be any of: ${found.map((i) => `${scope[i]?.source}.${name}`).join(', ')}`,
    );
  if (source !== undefined && !scope.some((column) => column.source === source)) {
    throw new KsqlError(`'${full}' is not a valid stream/table name or alias.`);
  }
  throw new KsqlError(`${place(at)}${clause} column '${full}' cannot be resolved.`);
}
