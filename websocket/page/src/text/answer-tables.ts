import type { QueryAnswer } from '../../../src/messages/query.ts';
import { count } from './format.ts';
import { type Fields, fields } from './read-fields.ts';

/** A table of an answer. */
export interface AnswerTable {
  /** ksqlDB's name for it; `null` for what has none. */
  title: string | null;
  columns: string[];
  rows: unknown[][];
}

/** An answer of ksqlDB as tables: one for a SELECT, several for a DESCRIBE. */
export function toTables(answer: QueryAnswer): AnswerTable[] {
  if ('rows' in answer) return [{ title: null, columns: answer.columns, rows: answer.rows }];
  return answer.answer.flatMap(({ '@type': _type, statementText: _text, warnings: _warnings, ...described }) =>
    tablesOf(described),
  );
}

const endings = { complete: '', rows: ' There are more.', time: ' The query was closed after 30 s.' };

/** How many rows a SELECT gave, and whether there are more. */
export function summarise(answer: QueryAnswer): string {
  if (!('rows' in answer)) return '';
  const { rows, ended } = answer;
  return `${count(rows.length)} ${rows.length === 1 ? 'row' : 'rows'}.${endings[ended]}`;
}

/** A cell as text. */
export function cellText(value: unknown): string {
  if (value === undefined) return '';
  return typeof value === 'string' ? value : JSON.stringify(value);
}

/** Plain values become one table. Each list of objects becomes another one. Empty values are left out. */
function tablesOf(described: Fields): AnswerTable[] {
  const properties: unknown[][] = [];
  const tables: AnswerTable[] = [];
  for (const [name, value] of Object.entries(described)) {
    if (isEmpty(value)) continue;
    if (Array.isArray(value) && value.every(isObject)) tables.push(tableOf(name, value.map(fields)));
    else if (isObject(value)) tables.push(...tablesOf(fields(value)));
    else properties.push([name, value]);
  }
  if (properties.length === 0) return tables;
  return [{ title: null, columns: ['property', 'value'], rows: properties }, ...tables];
}

function tableOf(title: string, list: readonly Fields[]): AnswerTable {
  const names = new Set(list.flatMap((each) => Object.keys(each)));
  const columns = [...names].filter((name) => list.some((each) => !isEmpty(each[name])));
  return { title, columns, rows: list.map((each) => columns.map((name) => shorten(each[name]))) };
}

/** The type of a column, as ksqlDB writes types; any other value unchanged. */
function shorten(value: unknown): unknown {
  const { type, fields: inner, memberSchema } = fields(value);
  if (typeof type !== 'string' || memberSchema === undefined) return value;
  if (memberSchema) return `${type}<${shorten(memberSchema)}>`;
  if (!Array.isArray(inner)) return type;
  return `${type}<${inner.map(({ name, schema }) => `${name} ${shorten(schema)}`).join(', ')}>`;
}

const isObject = (value: unknown): boolean => typeof value === 'object' && value !== null && !Array.isArray(value);

const isEmpty = (value: unknown): boolean =>
  value === null ||
  value === undefined ||
  value === '' ||
  (typeof value === 'object' && Object.keys(value).length === 0);
