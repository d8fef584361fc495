import { KsqlError, notSupported, unforeseen } from '../errors.ts';
import { compile } from '../expressions/compile.ts';
import { type Compiled, condition, nullOnError } from '../expressions/compiled.ts';
import type { Scope } from '../expressions/scope.ts';
import { keyPartition } from '../kafka/key-partition.ts';
import { aggregateStream, aggregateTable, type Grouping } from '../operators/aggregate.ts';
import type { StreamStep, TableStep } from '../operators/events.ts';
import { filterStream, filterTable, projectStream, projectTable } from '../operators/transform.ts';
import type { Expression, SourceKind } from '../parser/ast.ts';
import { formatExpression, quoteName } from '../parser/format-expression.ts';
import { type FormatName, keyFormat } from '../serde/format.ts';
import { type KeyId, keyCodec } from '../state/key-id.ts';
import type { Column, Schema } from '../types/schema.ts';
import { formatType } from '../types/sql-type.ts';
import type { Row } from '../types/value.ts';
import { type Aggregation, aggregateCalls, planAggregation } from './aggregation.ts';
import { type Analysis, expressionKey, type SelectedColumn } from './analyse.ts';
import { joinRelation } from './joins.ts';
import { type Relation, type Runtime, sourceRelation } from './relation.ts';
import { checkNames, type KeyRule, type ResultColumns, splitResult, typedSchema } from './result-schema.ts';

/** Receives a plan's flat rows: the result's columns, then the pseudo columns. */
interface Output {
  readonly stream: StreamStep;
  readonly table: TableStep;
}

export interface QueryPlan {
  readonly kind: SourceKind;
  readonly schema: Schema;
  /** The partition count of the result's store. */
  readonly partitions: number;
  /** Whether the query aggregates, so that its reader gathers records. */
  readonly aggregates: boolean;
  /** The result row for a deletion: the key's columns if selected, all others null. */
  readonly tombstone: (id: KeyId) => Row;
  readonly build: (runtime: Runtime, output: Output) => void;
}

export interface PlanOptions {
  /** The stream or table that the query writes; null for a client's query, whose result has no key. */
  readonly sinkName: string | null;
  readonly keyFormat: FormatName;
}

/** Plans the operators of an analysed query. */
export function planQuery(ungrouped: Analysis, options: PlanOptions): QueryPlan {
  const analysis = grouped(ungrouped, options.sinkName);
  const { query } = analysis;
  const relation = planRelation(analysis);
  const where = query.where === undefined ? undefined : compileCondition(query.where, relation.scope, 'WHERE');
  if (query.groupBy.length > 0) return planGrouped({ analysis, relation, where, options });
  // As in ksqlDB, a HAVING without a GROUP BY has no effect.
  return planPlain({ analysis, relation, where, options });
}

interface Parts {
  readonly analysis: Analysis;
  readonly relation: Relation;
  readonly where: Compiled | undefined;
  readonly options: PlanOptions;
}

/** Builds the relation and the WHERE clause's filter. */
function feed({ relation, where }: Parts, runtime: Runtime, next: Output, needsBefore: boolean): void {
  if (relation.kind === 'STREAM')
    relation.build(runtime, where === undefined ? next.stream : filterStream(condition(where), next.stream));
  else
    relation.build(runtime, where === undefined ? next.table : filterTable(condition(where), next.table), needsBefore);
}

function planRelation({ query, sources }: Analysis): Relation {
  const [first, ...rest] = sources;
  if (first === undefined) throw new Error('the query has no source');
  return rest.reduce((left, right, i) => {
    const join = query.joins[i];
    return join === undefined ? left : joinRelation(left, join, right);
  }, sourceRelation(first));
}

export function compileCondition(
  expression: Expression,
  scope: Scope,
  clause: 'WHERE' | 'HAVING',
  isPull = false,
): Compiled {
  const compiled = withPrefix(`Error in ${clause} expression: `, () => compile(expression, { scope, clause, isPull }));
  if (compiled.type?.base === 'BOOLEAN') return compiled;
  const text = formatExpression(expression, ({ name }) => quoteName(name));
  if (compiled.type === null) throw unforeseen(`Type error in ${clause} expression: ${text} is NULL`);
  throw new KsqlError(
    `Type error in ${clause} expression: Should evaluate to boolean but is ${text} (${formatType(compiled.type)}) instead.`,
  );
}

/** Adds the prefix to type errors, but not to those of unknown columns. */
function withPrefix<T>(prefix: string, run: () => T): T {
  try {
    return run();
  } catch (error) {
    if (!(error instanceof KsqlError) || error.unforeseenIn === 'queries') throw error;
    const isPrefixed = /^(Cannot compare|Comparison with NULL)/.test(error.message);
    if (!isPrefixed && error.unforeseenIn === 'nothing') throw error;
    throw new KsqlError(isPrefixed ? prefix + error.message : error.message, {
      status: error.status,
      code: error.code,
      cause: error,
    });
  }
}

/** Groups all rows of a client's query with aggregates and no GROUP BY. CREATE TABLE refuses such a query. */
function grouped(analysis: Analysis, sinkName: string | null): Analysis {
  const { query, select } = analysis;
  const calls = [...select.map(({ expression }) => expression), ...(query.having ? [query.having] : [])].flatMap(
    aggregateCalls,
  );
  if (query.groupBy.length > 0 || calls.length === 0) return analysis;
  const all = { ...analysis, query: { ...query, groupBy: [{ kind: 'literal', type: 'INTEGER', value: 1 } as const] } };
  if (sinkName === null) return all;
  // ksqlDB first reports a column that is not aggregated.
  planAggregation(all, false);
  const names = calls.map((call) => formatExpression(call, ({ name }) => quoteName(name))).join(', ');
  throw new KsqlError(
    `CREATE TABLE AS SELECT statement does not support aggregate function [${names}] without a GROUP BY clause.`,
  );
}

/** The result's columns; a client's query has no key. */
function resultColumns(analysis: Analysis, rule: KeyRule, { sinkName }: PlanOptions): ResultColumns {
  return sinkName === null ? { key: [], value: analysis.select } : splitResult(analysis, rule, sinkName);
}

function planPlain(parts: Parts): QueryPlan {
  const { analysis, relation, options } = parts;
  const { query } = analysis;
  const partitioned = query.partitionBy.length > 0;
  if (partitioned && relation.kind === 'TABLE') {
    throw new KsqlError(`PARTITION BY is not supported on tables: ${relation.source.name}.`);
  }
  if (query.partitionBy.some(({ kind }) => kind === 'literal')) throw notSupported('PARTITION BY a literal');
  const rule: KeyRule = partitioned
    ? { kind: 'partitioning', columns: query.partitionBy.map((expression) => ({ equals: [expression] })) }
    : { kind: query.joins.length > 0 ? 'join' : 'source', columns: relation.keys };
  const columns = resultColumns(analysis, rule, options);
  const compiled = new Map<SelectedColumn, Compiled>();
  for (const column of analysis.select)
    compiled.set(column, compile(column.expression, { scope: relation.scope, clause: 'SELECT' }));
  // A LEFT JOIN's right side may be null, so compute the key from the first equal expression.
  columns.key.forEach((column, i) => {
    const [best] = rule.columns[i]?.equals ?? [];
    if (best !== undefined) compiled.set(column, compile(best, { scope: relation.scope, clause: 'SELECT' }));
  });
  const { schema, evaluators } = finish(columns, compiled, options);
  return {
    kind: relation.kind,
    schema,
    partitions: relation.partitions,
    aggregates: false,
    tombstone: tombstones(analysis, rule, relation.source.schema.key),
    build(runtime, { stream, table }) {
      const next = { stream: projectStream(evaluators, stream), table: projectTable(evaluators, table) };
      feed(parts, runtime, next, false);
    },
  };
}

function planGrouped(parts: Parts): QueryPlan {
  const { analysis, relation, options } = parts;
  const { query } = analysis;
  const aggregation = planAggregation(analysis, relation.kind === 'TABLE');
  const rule: KeyRule = { kind: 'grouping', columns: query.groupBy.map((expression) => ({ equals: [expression] })) };
  const columns = resultColumns(analysis, rule, options);
  const compileGrouped = (expression: Expression): Compiled =>
    compile(aggregation.rewrite(expression), { scope: aggregation.scope, clause: 'SELECT' });
  const compiled = new Map(analysis.select.map((column) => [column, compileGrouped(column.expression)] as const));
  const having =
    query.having === undefined
      ? undefined
      : compileCondition(aggregation.rewrite(query.having), aggregation.scope, 'HAVING');
  const { schema, evaluators } = finish(columns, compiled, options);
  return {
    kind: 'TABLE',
    schema,
    partitions: relation.partitions,
    aggregates: true,
    tombstone: tombstones(analysis, rule, aggregation.keyColumns),
    build(runtime, output) {
      const project = projectTable(evaluators, output.table);
      const next = having === undefined ? project : filterTable(condition(having), project);
      const grouping = createGrouping(aggregation, relation, options.keyFormat, runtime);
      feed(parts, runtime, { stream: aggregateStream(grouping, next), table: aggregateTable(grouping, next) }, true);
    },
  };
}

function createGrouping(
  aggregation: Aggregation,
  { partitions }: Relation,
  format: FormatName,
  runtime: Runtime,
): Grouping {
  const columns = aggregation.keyColumns;
  // KAFKA keys have one column, but a client's query may group by more. Only this query uses the partitions then.
  const bytes = keyFormat(columns.length > 1 ? 'JSON' : format, columns);
  return {
    keys: aggregation.keys.map(nullOnError),
    codec: keyCodec(columns),
    partitionOf: (key) => keyPartition(bytes, key, partitions),
    columns: aggregation.columns,
    store: runtime.store('aggregate', partitions),
  };
}

/** Checks the result's schema and returns it with the functions that compute its columns. */
function finish(
  columns: ResultColumns,
  compiled: ReadonlyMap<SelectedColumn, Compiled>,
  { sinkName }: PlanOptions,
): { schema: Schema; evaluators: ReturnType<typeof nullOnError>[] } {
  const of = (column: SelectedColumn): Compiled => compiled.get(column) ?? { type: null, evaluate: () => null };
  const schema = typedSchema(columns, (column) => {
    const { type } = of(column);
    if (type === null)
      throw unforeseen(
        `Can't infer a type of null. Please explicitly cast it to a required type, e.g. CAST(null AS VARCHAR). Column: ${quoteName(column.name)}`,
      );
    return type;
  });
  checkNames(schema, sinkName === null ? 'QUERY' : 'TABLE');
  return { schema, evaluators: [...columns.key, ...columns.value].map((column) => nullOnError(of(column))) };
}

function tombstones({ select, scope }: Analysis, rule: KeyRule, key: readonly Column[]): QueryPlan['tombstone'] {
  const codec = keyCodec(key);
  const places = select.map(({ expression }) => {
    const wanted = expressionKey(expression, scope);
    return rule.columns.findIndex(({ equals }) => equals.some((each) => expressionKey(each, scope) === wanted));
  });
  return (id) => {
    const values = codec.keyOf(id);
    return places.map((place) => values[place] ?? null);
  };
}
