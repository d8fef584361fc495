import { formatType, type SqlType } from './sql-type.ts';

export interface Column {
  readonly name: string;
  readonly type: SqlType;
}

/** The columns of a stream or table: the key's, then the value's. */
export interface Schema {
  readonly key: readonly Column[];
  readonly value: readonly Column[];
}

export const allColumns = (schema: Schema): readonly Column[] => [...schema.key, ...schema.value];

/** Columns that every record has, in the order in which a flat row ends with them. */
export const pseudoColumns: readonly Column[] = [
  { name: 'ROWTIME', type: { base: 'BIGINT' } },
  { name: 'ROWPARTITION', type: { base: 'INTEGER' } },
  { name: 'ROWOFFSET', type: { base: 'BIGINT' } },
];

/** Formats columns as answers and messages show them: `` `ID` BIGINT KEY, `NAME` STRING ``. */
export function formatColumns(columns: readonly Column[], keys: ReadonlySet<string> = new Set()): string {
  return columns.map(({ name, type }) => `\`${name}\` ${formatType(type)}${keys.has(name) ? ' KEY' : ''}`).join(', ');
}
