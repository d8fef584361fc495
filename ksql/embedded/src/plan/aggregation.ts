import { KsqlError, notSupported } from '../errors.ts';
import { compile } from '../expressions/compile.ts';
import { type Compiled, nullOnError } from '../expressions/compiled.ts';
import type { ScopeColumn } from '../expressions/scope.ts';
import type { AggregateColumn } from '../operators/aggregate.ts';
import { aggregateFunctions } from '../operators/aggregators.ts';
import type { Expression } from '../parser/ast.ts';
import { formatExpression, quoteName } from '../parser/format-expression.ts';
import { type Column, pseudoColumns } from '../types/schema.ts';
import type { SqlType } from '../types/sql-type.ts';
import { type Analysis, expressionKey } from './analyse.ts';
import { mapExpression } from './map-expression.ts';
import { missingAggregates } from './missing-aggregates.ts';

/** A GROUP BY query: its keys, its aggregates, and how to compute the result's columns from them. */
export interface Aggregation {
  readonly keys: readonly Compiled[];
  /** The key columns: GROUP_0… */
  readonly keyColumns: readonly Column[];
  readonly columns: readonly AggregateColumn[];
  /** The columns of a group's row: GROUP_0…, AGG_0…, pseudo columns. */
  readonly scope: readonly ScopeColumn[];
  /** Rewrites an expression of the query as one over a group's row. */
  readonly rewrite: (expression: Expression) => Expression;
}

const isAggregate = (expression: Expression): boolean =>
  expression.kind === 'call' && (aggregateFunctions.has(expression.name) || missingAggregates.has(expression.name));

const plain = (expression: Expression): string => formatExpression(expression, ({ name }) => quoteName(name));

/** The aggregate calls inside an expression. */
export function aggregateCalls(expression: Expression): Expression[] {
  const found: Expression[] = [];
  mapExpression(expression, (part) => {
    if (!isAggregate(part)) return undefined;
    found.push(part);
    return part;
  });
  return found;
}

const groupColumn = (name: string): Expression => ({ kind: 'column', source: '', name, at: { line: 1, column: 1 } });

export function planAggregation(analysis: Analysis, overTable: boolean): Aggregation {
  const { query, scope, select } = analysis;
  const context = { scope, clause: 'GROUP BY' };
  const groups = new Map(query.groupBy.map((expression, i) => [expressionKey(expression, scope), `GROUP_${i}`]));
  const keys = query.groupBy.map((expression) => compile(expression, context));
  const calls = new Map<string, { name: string; expression: Expression }>();
  const rewrite = (expression: Expression): Expression =>
    mapExpression(expression, (part) => {
      const group = groups.get(expressionKey(part, scope));
      if (group !== undefined) return groupColumn(group);
      if (!isAggregate(part)) return undefined;
      const identity = expressionKey(part, scope);
      const call = calls.get(identity) ?? { name: `AGG_${calls.size}`, expression: part };
      calls.set(identity, call);
      return groupColumn(call.name);
    });
  const everything = [
    ...select.map(({ expression }) => expression),
    ...(query.having === undefined ? [] : [query.having]),
  ];
  const rewritten = everything.map(rewrite);
  if (calls.size === 0)
    throw new KsqlError('GROUP BY requires aggregate functions in either the SELECT or HAVING clause.');
  checkGrouped(
    select.map(({ expression }) => expression),
    rewritten,
  );
  const columns = [...calls.values()].map(({ expression }) => aggregateColumn(expression, analysis, overTable));
  const column = (name: string, type: SqlType): ScopeColumn => ({ source: '', name, type, key: false, pseudo: false });
  const keyColumns = keys.map(({ type }, i) => ({ name: `GROUP_${i}`, type: type ?? ({ base: 'STRING' } as const) }));
  return {
    keys,
    keyColumns,
    columns,
    rewrite,
    scope: [
      ...keyColumns.map(({ name, type }) => column(name, type)),
      ...columns.map(({ aggregator }, i) => column(`AGG_${i}`, aggregator.type)),
      ...pseudoColumns.map(({ name, type }) => ({ ...column(name, type), pseudo: true })),
    ],
  };
}

/** Refuses selected columns that are neither aggregated nor grouped by. */
function checkGrouped(select: readonly Expression[], rewritten: readonly Expression[]): void {
  const strangers = select.filter((_, i) => {
    const left: Expression[] = [];
    mapExpression(rewritten[i] ?? { kind: 'literal', type: 'NULL', value: null }, (part) => {
      if (part.kind === 'column' && part.source !== '') left.push(part);
      return undefined;
    });
    return left.length > 0;
  });
  if (strangers.length > 0) {
    throw new KsqlError(
      `Non-aggregate SELECT expression(s) not part of GROUP BY: ${strangers.map(plain).join(', ')}\nEither add the column(s) to the GROUP BY or remove them from the SELECT.`,
    );
  }
}

function aggregateColumn(expression: Expression, { scope }: Analysis, overTable: boolean): AggregateColumn {
  if (expression.kind !== 'call') throw new Error('not a call');
  const { name, args } = expression;
  const build = aggregateFunctions.get(name);
  if (build === undefined) throw notSupported(`the aggregate function ${name}`);
  const [argument] = args;
  const inner = args.flatMap(aggregateCalls);
  if (inner.length > 0) throw new KsqlError(`Aggregate functions can not be nested: ${plain(expression)}`);
  if (args.length > 1) throw notSupported(`${name} with ${args.length} arguments`);
  if (argument === undefined && name !== 'COUNT') throw notSupported(`${name} without an argument`);
  const compiled: Compiled =
    argument === undefined
      ? { type: { base: 'INTEGER' }, evaluate: () => 1 }
      : compile(argument, { scope, clause: 'SELECT' });
  const aggregator = build(compiled.type ?? { base: 'STRING' });
  if (overTable && aggregator.remove === undefined) {
    throw new KsqlError(
      `The aggregation function(s) (${name}) cannot be applied to a table source, only to a stream source.`,
    );
  }
  return { aggregator, argument: nullOnError(compiled) };
}
