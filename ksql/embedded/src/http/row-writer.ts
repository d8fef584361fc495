import type { AnswerColumn, QueryAnswer } from '../queries/answer.ts';
import { jsonWriter } from '../serde/typed-json.ts';
import { formatColumns } from '../types/schema.ts';
import { formatType } from '../types/sql-type.ts';
import type { Row } from '../types/value.ts';
import { type AnswerFormat, delimitedType, jsonType, v1Type } from './media-type.ts';

/** Writes the parts of a query's answer in one format. */
export interface RowWriter {
  readonly contentType: string;
  head(answer: QueryAnswer): string;
  row(row: Row): string;
  /** Writes a deleted row. Only the v1 format shows one. */
  tombstone(row: Row): string;
  /** `finalMessage` ends an answer in the v1 format. */
  tail(finalMessage?: string): string;
}

function columnsWriter(columns: readonly AnswerColumn[]): (row: Row) => string {
  const writers = columns.map(({ type }) => jsonWriter(type, 'text'));
  return (row) => `[${writers.map((write, i) => write(row[i] ?? null)).join(',')}]`;
}

const writers = new WeakMap<readonly AnswerColumn[], Map<AnswerFormat, RowWriter>>();

/** Returns the format's writer for these columns. Caches it by array, which a prepared query reuses. */
export function rowWriter(format: AnswerFormat, columns: readonly AnswerColumn[]): RowWriter {
  const known = writers.get(columns) ?? new Map<AnswerFormat, RowWriter>();
  const writer = known.get(format) ?? createRowWriter(format, columns);
  writers.set(columns, known.set(format, writer));
  return writer;
}

function createRowWriter(format: AnswerFormat, columns: readonly AnswerColumn[]): RowWriter {
  const values = columnsWriter(columns);
  const described = JSON.stringify({
    columnNames: columns.map(({ name }) => name),
    columnTypes: columns.map(({ type }) => formatType(type)),
  });
  const names = ({ queryId }: QueryAnswer): string => `{"queryId":${JSON.stringify(queryId)},${described.slice(1)}`;
  if (format === 'delimited') {
    return {
      contentType: delimitedType,
      head: (answer) => `${names(answer)}\n`,
      row: (row) => `${values(row)}\n`,
      tombstone: () => '',
      tail: () => '',
    };
  }
  if (format === 'json') {
    return {
      contentType: jsonType,
      head: (answer) => `[${names(answer)}`,
      row: (row) => `,\n${values(row)}`,
      tombstone: () => '',
      tail: () => ']\n',
    };
  }
  const schema = formatColumns(columns, new Set(columns.filter(({ key }) => key).map(({ name }) => name)));
  return {
    contentType: v1Type,
    head: ({ queryId }) => `[${JSON.stringify({ header: { queryId, schema } })}`,
    row: (row) => `,\n{"row":{"columns":${values(row)}}}`,
    tombstone: (row) => `,\n{"row":{"columns":${values(row)},"tombstone":true}}`,
    tail: (finalMessage) => (finalMessage === undefined ? ']\n' : `,\n${JSON.stringify({ finalMessage })}]\n`),
  };
}
