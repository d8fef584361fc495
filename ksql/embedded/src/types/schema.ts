import { formatType, type SqlType } from './sql-type.ts';

export interface Column {
  readonly name: string;
  readonly type: SqlType;
}

/** The columns of a stream or table: those of the record's key, then those of its value. */
export interface Schema {
  readonly key: readonly Column[];
  readonly value: readonly Column[];
}

export const allColumns = (schema: Schema): readonly Column[] => [...schema.key, ...schema.value];

/** Columns every record has beside its schema's, in the order in which a flat row carries them after its own. */
export const pseudoColumns: readonly Column[] = [
  { name: 'ROWTIME', type: { base: 'BIGINT' } },
  { name: 'ROWPARTITION', type: { base: 'INTEGER' } },
  { name: 'ROWOFFSET', type: { base: 'BIGINT' } },
];

/** As answers and messages write it: `` `ID` BIGINT KEY, `NAME` STRING ``. */
export function formatColumns(columns: readonly Column[], keys: ReadonlySet<string> = new Set()): string {
  return columns.map(({ name, type }) => `\`${name}\` ${formatType(type)}${keys.has(name) ? ' KEY' : ''}`).join(', ');
}
