import { KsqlError, mistyped } from '../errors.ts';
import type { Expression, SourceKind } from '../parser/ast.ts';
import { formatExpression, quoteName } from '../parser/format-expression.ts';
import { type Column, formatColumns, type Schema } from '../types/schema.ts';
import { type Analysis, expressionKey, type SelectedColumn } from './analyse.ts';

/** The key of a query's result: for each column, the equal expressions that may be selected for it. */
export interface KeyRule {
  readonly kind: 'source' | 'grouping' | 'partitioning' | 'join';
  readonly columns: readonly { readonly equals: readonly Expression[] }[];
}

/** The select list, split into the key's columns, in the key's order, and the value's. */
export interface ResultColumns {
  readonly key: readonly SelectedColumn[];
  readonly value: readonly SelectedColumn[];
}

const ruleWords = {
  source: ['the key column', 'the key columns'],
  grouping: ['the grouping expression', 'the grouping expressions'],
  partitioning: ['the partitioning expression', 'the partitioning expressions'],
  join: ['the join expression', 'the join expressions'],
} as const;

/** Splits the select list. Every key column must be selected exactly once; the rest is the value. */
export function splitResult(analysis: Analysis, rule: KeyRule, sinkName: string): ResultColumns {
  const { scope, select } = analysis;
  const identity = (expression: Expression): string => expressionKey(expression, scope);
  const key = rule.columns.map(({ equals }) => {
    const wanted = equals.map(identity);
    // The first selected expression is the key: in a join the left side before the right.
    const found = wanted
      .map((each) => select.filter(({ expression }) => identity(expression) === each))
      .find((columns) => columns.length > 0);
    const [column, second] = found ?? [];
    if (column === undefined) throw keyMissing(analysis, rule, sinkName);
    if (second !== undefined) throw keyTwice(column, found ?? []);
    return column;
  });
  const value = select.filter((column) => !key.includes(column));
  if (value.length === 0) throw new KsqlError('The projection contains no value columns.');
  return { key, value };
}

function keyMissing({ sources }: Analysis, rule: KeyRule, sinkName: string): KsqlError {
  const joined = sources.length > 1;
  const text = (expression: Expression): string =>
    formatExpression(expression, ({ source, name }) =>
      joined && source !== undefined ? `${quoteName(source)}.${quoteName(name)}` : quoteName(name),
    );
  const names = rule.columns.map(({ equals }) => equals.map(text).join(' or '));
  const several = rule.columns.some(({ equals }) => equals.length > 1) || rule.columns.length > 1;
  const [first] = rule.columns.flatMap(({ equals }) => equals);
  const example = rule.columns.length > 1 ? names.join(', ') : first === undefined ? '' : text(first);
  return new KsqlError(
    'Key missing from projection (ie, SELECT). \n' +
      `The query used to build \`${sinkName}\` must include ${ruleWords[rule.kind][several ? 1 : 0]} ${names.join(', ')} in its projection (eg, SELECT ${example}...).`,
  );
}

function keyTwice(column: SelectedColumn, all: readonly SelectedColumn[]): KsqlError {
  const name = column.expression.kind === 'column' ? column.expression.name : column.name;
  return new KsqlError(
    `The projection contains a key column (\`${name}\`) more than once, aliased as: ${all.map((each) => each.name).join(' and ')}.\n` +
      'Each key column must only be in the projection once. If you intended to copy the key into the value, then consider using the AS_VALUE function to indicate which key reference should be copied.',
  );
}

/** Refuses duplicate column names. */
export function checkNames(schema: Schema, kind: SourceKind | 'QUERY'): void {
  for (const [part, columns] of [
    ['key', schema.key],
    ['value', schema.value],
  ] as const) {
    const twice = columns.filter(({ name }, i) => columns.findIndex((other) => other.name === name) !== i);
    if (twice.length > 0) throw mistyped(`Duplicate ${part} columns found in schema: ${formatColumns(twice)}`);
  }
  if (kind === 'QUERY') return;
  const both = schema.value.filter(({ name }) => schema.key.some((column) => column.name === name));
  if (both.length > 0) {
    throw new KsqlError(`Value columns clash with key columns: ${both.map(({ name }) => quoteName(name)).join(', ')}`);
  }
}

/** Builds the result's schema from its columns and their types. */
export function typedSchema(columns: ResultColumns, typeOf: (column: SelectedColumn) => Column['type']): Schema {
  const typed = (selected: readonly SelectedColumn[]): Column[] =>
    selected.map((column) => ({ name: column.name, type: typeOf(column) }));
  return { key: typed(columns.key), value: typed(columns.value) };
}
