import { formatType } from '../types/sql-type.ts';
import type { CreateAsSelect, CreateSource, Expression, Properties, Query, SelectItem } from './ast.ts';
import { type FormatColumn, formatExpression, formatProperties, quoteName } from './format-expression.ts';

/** Qualifies the names of a query's columns; `of` finds the source of an unqualified one. */
export interface SpelledQuery {
  readonly names: readonly string[];
  readonly of: FormatColumn;
}

const head = ({ of, name, orReplace, ifNotExists }: CreateSource | CreateAsSelect, readOnly = false): string =>
  `CREATE ${orReplace ? 'OR REPLACE ' : ''}${readOnly ? 'SOURCE ' : ''}${of} ${ifNotExists ? 'IF NOT EXISTS ' : ''}${quoteName(name)}`;

export function formatCreateSource(statement: CreateSource, properties: Properties): string {
  const columns = statement.columns.map(
    ({ name, type, constraint }) =>
      `${quoteName(name)} ${formatType(type, quoteName)}${constraint === undefined ? '' : ` ${constraint}`}`,
  );
  return `${head(statement, statement.readOnly)} (${columns.join(', ')})${formatProperties(properties)};`;
}

export function formatCreateAsSelect(statement: CreateAsSelect, properties: Properties, spelled: SpelledQuery): string {
  return `${head(statement)}${formatProperties(properties)} AS ${formatQuery(statement.query, spelled)};`;
}

function formatQuery(query: Query, spelled: SpelledQuery): string {
  const format = (expression: Expression): string => formatExpression(expression, spelled.of);
  const list = (expressions: readonly Expression[]): string => expressions.map(format).join(', ');
  const joins = query.joins.map(
    ({ kind, source, on }) => `${kind} JOIN ${quoteName(source.name)} ${quoteName(source.alias)} ON (${format(on)})`,
  );
  return [
    `SELECT${selectText(query.select, spelled, format)}`,
    `FROM ${quoteName(query.from.name)} ${quoteName(query.from.alias)}`,
    ...joins,
    ...(query.where === undefined ? [] : [`WHERE ${format(query.where)}`]),
    ...(query.groupBy.length === 0 ? [] : [`GROUP BY ${list(query.groupBy)}`]),
    ...(query.partitionBy.length === 0 ? [] : [`PARTITION BY ${list(query.partitionBy)}`]),
    ...(query.having === undefined ? [] : [`HAVING ${format(query.having)}`]),
    'EMIT CHANGES',
  ].join('\n');
}

function selectText(
  select: readonly SelectItem[],
  { names }: SpelledQuery,
  format: (expression: Expression) => string,
): string {
  let next = 0;
  const items = select.map((item) => {
    if (item.kind === 'star') return item.source === undefined ? '*' : `${quoteName(item.source)}.*`;
    const name = item.alias ?? names[next] ?? '';
    next++;
    return `${format(item.expression)} ${quoteName(name)}`;
  });
  return items.length === 1 ? ` ${items[0]}` : `\n  ${items.join(',\n  ')}`;
}
