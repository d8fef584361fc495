import { hasKafkaType } from '@shop/common';
import { KsqlError, notSupported } from '../errors.ts';
import { scalarFunctions } from '../expressions/functions/call.ts';
import { aggregateFunctions } from '../operators/aggregators.ts';
import type { Statement } from '../parser/ast.ts';
import { analyse } from '../plan/analyse.ts';
import { planQuery } from '../plan/plan-query.ts';
import type { Entity } from '../statements/execute.ts';
import type { ServerState } from '../statements/server-state.ts';
import type { Column } from '../types/schema.ts';
import type { SqlType } from '../types/sql-type.ts';
import type { CataloguedQuery } from './catalogue.ts';
import type { Source } from './source.ts';

type Describing = Extract<Statement, { kind: 'list' | 'describe' | 'explain' | 'describeFunction' }>;

export const isDescribing = (statement: Statement): statement is Describing =>
  statement.kind === 'list' || statement.kind === 'describe' || statement.kind === 'explain';

/** LIST, SHOW, DESCRIBE and EXPLAIN. */
export async function describeStatement(state: ServerState, statement: Describing, text: string): Promise<Entity> {
  const entity = (type: string, fields: Entity): Entity => ({
    '@type': type,
    statementText: text,
    ...fields,
    warnings: [],
  });
  switch (statement.kind) {
    case 'list':
      return list(state, statement, entity);
    case 'describe':
      return entity('sourceDescription', {
        sourceDescription: await describeSource(state, statement.name, statement.extended),
      });
    case 'explain':
      return entity('queryDescription', { queryDescription: explained(state, statement, text) });
    default:
      throw notSupported('DESCRIBE FUNCTION');
  }
}

async function list(
  state: ServerState,
  { of, extended }: Extract<Statement, { kind: 'list' }>,
  entity: (type: string, fields: Entity) => Entity,
): Promise<Entity> {
  const { catalogue } = state;
  const sources = [...catalogue.sources.values()];
  if (of === 'STREAMS' || of === 'TABLES') {
    const kind = of === 'STREAMS' ? 'STREAM' : 'TABLE';
    const own = sources.filter((source) => source.kind === kind);
    if (extended) {
      return entity('source_descriptions', {
        sourceDescriptions: await Promise.all(own.map(({ name }) => describeSource(state, name, true))),
      });
    }
    return entity(of.toLowerCase(), { [of.toLowerCase()]: own.map(listedSource) });
  }
  switch (of) {
    case 'QUERIES':
      return entity('queries', { queries: [...catalogue.queries.values()].map(listedQuery) });
    case 'TOPICS':
      return entity('kafka_topics', { topics: await topics(state) });
    case 'FUNCTIONS': {
      const scalar = [...scalarFunctions.keys()].map((name) => ({ name, type: 'SCALAR', category: 'OTHER' }));
      const aggregate = [...aggregateFunctions.keys()].map((name) => ({
        name,
        type: 'AGGREGATE',
        category: 'AGGREGATE',
      }));
      return entity('function_names', {
        functions: [...scalar, ...aggregate].sort((a, b) => (a.name < b.name ? -1 : 1)),
      });
    }
    case 'PROPERTIES':
      return entity('properties', { properties: [], overwrittenProperties: [], defaultProperties: [] });
    case 'VARIABLES':
      return entity('variables', { variables: [] });
    case 'TYPES':
      return entity('type_list', { types: {} });
    default:
      throw notSupported('connectors');
  }
}

const listedSource = ({ kind, name, topic, keyFormat, valueFormat }: Source): Entity => ({
  type: kind,
  name,
  topic,
  keyFormat,
  valueFormat,
  isWindowed: false,
});

function listedQuery({ id, statementText, sinkName, sinkTopic, running }: CataloguedQuery): Entity {
  return {
    queryString: statementText,
    sinks: sinkTopic === null || sinkName === null ? [] : [sinkName],
    sinkKafkaTopics: sinkTopic === null ? [] : [sinkTopic],
    id,
    statusCount: { [running.state]: 1 },
    queryType: 'PERSISTENT',
    // ksqlDB, too, shows PAUSED only in statusCount.
    state: running.state === 'PAUSED' ? 'RUNNING' : running.state,
  };
}

async function topics({ admin, session }: ServerState): Promise<Entity[]> {
  const { topics: all } = await admin.fetchTopicMetadata();
  return all
    .filter(({ name }) => !session.names.isInternal(name))
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .map(({ name, partitions }) => ({ name, replicaInfo: partitions.map(({ replicas }) => replicas.length) }));
}

interface TypeDescription {
  readonly type: string;
  readonly fields: readonly Entity[] | null;
  readonly memberSchema: TypeDescription | null;
  readonly parameters?: Entity;
}

function describeType(type: SqlType): TypeDescription {
  const member = type.base === 'ARRAY' ? type.element : type.base === 'MAP' ? type.value : null;
  return {
    type: type.base,
    fields:
      type.base === 'STRUCT'
        ? type.fields.map((field) => ({ name: field.name, schema: describeType(field.type) }))
        : null,
    memberSchema: member === null ? null : describeType(member),
    ...(type.base === 'DECIMAL' ? { parameters: { precision: type.precision, scale: type.scale } } : {}),
  };
}

const describeColumns = (columns: readonly Column[], key: boolean): Entity[] =>
  columns.map(({ name, type }) => ({ name, schema: describeType(type), ...(key ? { type: 'KEY' } : {}) }));

async function describeSource({ catalogue, admin }: ServerState, name: string, extended: boolean): Promise<Entity> {
  const source = catalogue.find(name);
  if (source === undefined) {
    const other = [...catalogue.sources.keys()].find((known) => known.toUpperCase() === name.toUpperCase());
    const hint =
      other === undefined ? '' : `\nDid you mean ${other}? Hint: try removing double quotes from the source name.`;
    throw new KsqlError(`Could not find STREAM/TABLE '${name}' in the Metastore${hint}`);
  }
  const writer = catalogue.writerOf(name);
  const replication = await replicationOf(admin, source.topic);
  return {
    name,
    windowType: null,
    readQueries: catalogue.readersOf(name).map(listedQuery),
    writeQueries: writer === undefined || writer.sinkTopic === null ? [] : [listedQuery(writer)],
    fields: [...describeColumns(source.schema.key, true), ...describeColumns(source.schema.value, false)],
    type: source.kind,
    timestamp: '',
    statistics: '',
    errorStats: '',
    extended,
    keyFormat: source.keyFormat,
    valueFormat: source.valueFormat,
    topic: source.topic,
    partitions: replication === 0 ? 0 : source.partitions,
    replication,
    statement: source.statementText,
    queryOffsetSummaries: [],
    sourceConstraints: [],
    clusterStatistics: [],
    clusterErrorStats: [],
  };
}

/** 0 if the topic was deleted: ksqlDB can still describe its source. */
async function replicationOf(admin: ServerState['admin'], topic: string): Promise<number> {
  try {
    const { topics: metadata } = await admin.fetchTopicMetadata({ topics: [topic] });
    return metadata[0]?.partitions[0]?.replicas.length ?? 1;
  } catch (error) {
    if (hasKafkaType(error, 'UNKNOWN_TOPIC_OR_PARTITION')) return 0;
    throw error;
  }
}

function explained(...args: Parameters<typeof explain>): Entity {
  try {
    return explain(...args);
  } catch (error) {
    if (!(error instanceof KsqlError) || error.unforeseenIn !== 'queries') throw error;
    throw new KsqlError(error.message, { status: 500, code: 50000, cause: error });
  }
}

function explain(
  { catalogue }: ServerState,
  { query, queryId }: Extract<Statement, { kind: 'explain' }>,
  text: string,
): Entity {
  const common = {
    windowType: null,
    overriddenProperties: {},
    queryErrors: [],
    tasksMetadata: [],
    executionPlan: '',
    topology: '',
    ksqlHostQueryStatus: {},
  };
  if (query === null) {
    const known = catalogue.queries.get(queryId ?? '');
    if (known === undefined)
      throw new KsqlError(`Query with id:${queryId} does not exist, use SHOW QUERIES to view the full set of queries.`);
    const { schema } = known.running.definition.plan;
    return {
      id: known.id,
      statementText: known.statementText,
      fields: [...describeColumns(schema.key, true), ...describeColumns(schema.value, false)],
      sources: known.sourceNames,
      sinks: known.sinkName === null ? [] : [known.sinkName],
      ...common,
      queryType: 'PERSISTENT',
      state: known.running.state,
    };
  }
  const analysis = analyse(query, catalogue.find);
  const plan = planQuery(analysis, { sinkName: null, keyFormat: 'KAFKA' });
  const source = analysis.sources[0]?.source;
  return {
    id: `transient_${source?.name}_${Date.now()}`,
    statementText: text.replace(/^\s*EXPLAIN\s+/i, ''),
    // ksqlDB describes the source's key followed by the selected columns.
    fields: [...describeColumns(source?.schema.key ?? [], true), ...describeColumns(plan.schema.value, false)],
    sources: analysis.sources.map(({ source: each }) => each.name),
    sinks: [],
    ...common,
    queryType: query.emit === undefined ? 'PULL' : 'PUSH',
    state: null,
  };
}
