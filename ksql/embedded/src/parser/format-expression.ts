import { formatType } from '../types/sql-type.ts';
import type { Expression, Literal, Properties } from './ast.ts';
import { isReserved } from './tokens.ts';

/** Formats a name as ksqlDB does: with back-ticks only if it needs them. */
export function quoteName(name: string): string {
  return /^[A-Z_][A-Z0-9_@]*$/.test(name) && !isReserved(name) ? name : `\`${name.replaceAll('`', '``')}\``;
}

const quoteText = (text: string): string => `'${text.replaceAll("'", "''")}'`;

export function formatLiteral(literal: Literal): string {
  if (literal.type === 'STRING') return quoteText(literal.value);
  if (literal.type === 'BOOLEAN') return String(literal.value);
  if (literal.type === 'DOUBLE') return literal.value.toExponential().toUpperCase().replace('+', '');
  return String(literal.value);
}

export type FormatColumn = (column: { readonly source?: string; readonly name: string }) => string;

const withSource: FormatColumn = ({ source, name }) =>
  source === undefined ? quoteName(name) : `${quoteName(source)}.${quoteName(name)}`;

/** Formats an expression as ksqlDB does, fully parenthesised. */
export function formatExpression(expression: Expression, column: FormatColumn = withSource): string {
  const format = (inner: Expression): string => formatExpression(inner, column);
  const list = (inner: readonly Expression[]): string => inner.map(format).join(', ');
  switch (expression.kind) {
    case 'column':
      return column(expression);
    case 'literal':
      return formatLiteral(expression);
    case 'negative':
      return `-${format(expression.operand)}`;
    case 'arithmetic':
    case 'comparison':
    case 'logical':
      return `(${format(expression.left)} ${expression.operator} ${format(expression.right)})`;
    case 'not':
      return `(NOT ${format(expression.operand)})`;
    case 'isNull':
      return `(${format(expression.operand)} IS ${expression.negated ? 'NOT ' : ''}NULL)`;
    case 'in':
      return `(${format(expression.operand)} IN (${list(expression.list)}))`;
    case 'like':
      return `(${format(expression.operand)} LIKE ${format(expression.pattern)}${expression.escape === undefined ? '' : ` ESCAPE ${quoteText(expression.escape)}`})`;
    case 'between':
      return `(${format(expression.operand)} BETWEEN ${format(expression.low)} AND ${format(expression.high)})`;
    case 'case': {
      const whens = expression.whens.map(({ condition, result }) => `WHEN ${format(condition)} THEN ${format(result)}`);
      const operand = expression.operand === undefined ? [] : [format(expression.operand)];
      const otherwise = expression.otherwise === undefined ? [] : [`ELSE ${format(expression.otherwise)}`];
      return `(${['CASE', ...operand, ...whens, ...otherwise, 'END'].join(' ')})`;
    }
    case 'cast':
      return `CAST(${format(expression.operand)} AS ${formatType(expression.type, quoteName)})`;
    case 'call':
      return `${expression.name}(${expression.star ? '*' : list(expression.args)})`;
    case 'field':
      return `${format(expression.base)}->${quoteName(expression.name)}`;
    case 'subscript':
      return `${format(expression.base)}[${format(expression.index)}]`;
    case 'struct':
      return `STRUCT(${expression.fields.map(({ name, value }) => `${quoteName(name)}:=${format(value)}`).join(', ')})`;
    case 'array':
      return `ARRAY[${list(expression.elements)}]`;
    case 'map':
      return `MAP(${expression.entries.map(([key, value]) => `${format(key)}:=${format(value)}`).join(', ')})`;
  }
}

/** Formats the properties as ` WITH (A='x', B=6)`, sorted by name; empty if there are none. */
export function formatProperties(properties: Properties): string {
  if (properties.size === 0) return '';
  const entries = [...properties].sort(([a], [b]) => (a < b ? -1 : 1));
  return ` WITH (${entries.map(([name, value]) => `${name}=${typeof value === 'string' ? quoteText(value) : value}`).join(', ')})`;
}
