import type { Source } from '../catalogue/source.ts';
import type { QueryDefinition } from '../engine/running-query.ts';
import { KsqlError, notSupported } from '../errors.ts';
import type { InternalNames } from '../kafka/names.ts';
import type { CreateAsSelect, Query } from '../parser/ast.ts';
import { quoteName } from '../parser/format-expression.ts';
import { formatCreateAsSelect } from '../parser/format-statement.ts';
import { type Analysis, analyse, type FindSource } from '../plan/analyse.ts';
import { planQuery, type QueryPlan } from '../plan/plan-query.ts';
import { pseudoColumns } from '../types/schema.ts';
import { checkKafkaFormat } from './create-source.ts';
import { normaliseProperties, readProperties } from './with-properties.ts';

/** The plan of a CREATE … AS SELECT. */
export interface PlannedCreate {
  readonly plan: QueryPlan;
  readonly analysis: Analysis;
  readonly topic: string;
  readonly partitions: number;
  readonly keyFormat: Source['keyFormat'];
  readonly valueFormat: Source['valueFormat'];
  readonly text: string;
}

/** Plans a CREATE … AS SELECT. `known` is the partition count of the sink's topic, if the topic exists. */
export function planCreate(statement: CreateAsSelect, find: FindSource, known: number | undefined): PlannedCreate {
  const properties = readProperties(statement.properties);
  const analysis = analyse(statement.query, find);
  if (statement.query.limit !== undefined) throw notSupported('LIMIT in CREATE … AS SELECT');
  const [first] = analysis.sources;
  if (first === undefined) throw new Error('the query has no source');
  const topic = properties.topic ?? statement.name;
  const partitions = properties.partitions ?? known ?? first.source.partitions;
  const keyFormat = properties.keyFormat ?? first.source.keyFormat;
  const valueFormat = properties.valueFormat ?? first.source.valueFormat;
  const text = createText(statement, analysis, topic, partitions);
  return prefixed(text, () => {
    checkReservedNames(statement.query);
    const plan = planQuery(analysis, { sinkName: statement.name, keyFormat });
    checkKind(statement, plan, text);
    checkKafkaFormat(plan.schema, { key: keyFormat, value: valueFormat }, unfitFormat);
    return { plan, analysis, topic, partitions, keyFormat, valueFormat, text };
  });
}

const reservedNames: ReadonlySet<string> = new Set(pseudoColumns.map(({ name }) => name));

/** Refuses pseudo columns that are selected without an alias, and their names as aliases. */
function checkReservedNames({ select }: Query): void {
  for (const item of select) {
    if (item.kind !== 'single') continue;
    const { expression, alias } = item;
    if (alias !== undefined && reservedNames.has(alias))
      throw new KsqlError(`\`${alias}\` is a reserved column name. You cannot use it as an alias for a column.`);
    if (alias === undefined && expression.kind === 'column' && reservedNames.has(expression.name))
      throw new KsqlError(`Reserved column name in select: \`${expression.name}\`. Please remove or alias the column.`);
  }
}

const unfitFormat = (message: string): KsqlError => new KsqlError(message, { code: 40000, statementText: null });

function checkKind({ of }: CreateAsSelect, { kind }: QueryPlan, text: string): void {
  if (of === kind) return;
  throw new KsqlError(
    `Invalid result type. Your SELECT query produces a ${kind}. Please use CREATE ${kind} AS SELECT statement instead.\nStatement: ${text}`,
  );
}

/** Adds ksqlDB's prefix to errors in the query of a CREATE … AS SELECT. */
export function prefixed<T>(text: string, run: () => T): T {
  try {
    return run();
  } catch (error) {
    if (
      !(error instanceof KsqlError) ||
      error.statementText === null ||
      error.message.startsWith('The embedded ksqlDB')
    )
      throw error;
    throw new KsqlError(`Could not determine output schema for query due to error: ${error.message}`, {
      status: error.status,
      code: error.code,
      statementText: text,
      cause: error,
    });
  }
}

function createText(statement: CreateAsSelect, { select, scope }: Analysis, topic: string, partitions: number): string {
  const defaults = {
    CLEANUP_POLICY: statement.of === 'TABLE' ? 'compact' : 'delete',
    KAFKA_TOPIC: topic,
    PARTITIONS: partitions,
    REPLICAS: 1,
    RETENTION_MS: 604_800_000,
  };
  const names = statement.query.select.flatMap((item, i) => (item.kind === 'single' ? [select[i]?.name ?? ''] : []));
  return formatCreateAsSelect(statement, normaliseProperties(statement.properties, defaults), {
    names,
    of({ source, name }) {
      const owner = source ?? scope.find((column) => column.name === name)?.source;
      return owner === undefined ? quoteName(name) : `${quoteName(owner)}.${quoteName(name)}`;
    },
  });
}

/** The query that stores the rows of a source table. */
export function keeperDefinition(source: Source, id: string, names: InternalNames): QueryDefinition {
  const query: Query = {
    select: [{ kind: 'star' }],
    from: { name: source.name, alias: source.name },
    joins: [],
    groupBy: [],
    partitionBy: [],
  };
  const analysis = analyse(query, (name) => (name === source.name ? source : undefined));
  const plan = planQuery(analysis, { sinkName: source.name, keyFormat: source.keyFormat });
  return { id, plan, sink: null, changelog: names.changelog(id) };
}

export function queryDefinition(planned: PlannedCreate, id: string, names: InternalNames): QueryDefinition {
  const { plan, topic, partitions, keyFormat, valueFormat } = planned;
  return { id, plan, sink: { topic, partitions, keyFormat, valueFormat }, changelog: names.changelog(id) };
}
