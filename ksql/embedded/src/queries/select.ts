import { internalError, KsqlError } from '../errors.ts';
import type { Expression, Query } from '../parser/ast.ts';
import { aggregateCalls } from '../plan/aggregation.ts';
import { type Analysis, analyse } from '../plan/analyse.ts';
import { mapExpression } from '../plan/map-expression.ts';
import type { ServerState, StreamsProperties } from '../statements/server-state.ts';
import type { QueryAnswer } from './answer.ts';
import { unsupportedClause, unsupportedColumns } from './pull-errors.ts';
import { pullTable } from './pull-table.ts';
import { pullStream, pushQuery } from './push.ts';

let counter = 0;

/** Answers a pull query with a cached plan; undefined if there is none. */
export function answerPrepared({ prepared, catalogue }: ServerState, sql: string): QueryAnswer | undefined {
  const found = prepared.find(sql, catalogue);
  if (found === undefined) return undefined;
  const { pull, keys } = found;
  return {
    queryId: queryId('query_'),
    columns: pull.columns,
    rows: pull.project(pull.withKeys(keys)),
    saysLimit: false,
  };
}

/** Answers a SELECT. `signal` ends an endless one. */
export async function answerSelect(
  state: ServerState,
  { query, sql }: { query: Query; sql: string },
  properties: StreamsProperties,
  signal: AbortSignal,
): Promise<QueryAnswer> {
  const analysis = analyse(query, state.catalogue.find);
  const source = analysis.sources[0]?.source;
  if (query.emit === 'CHANGES')
    return foreseeing(['queries'], () =>
      pushQuery(state, analysis, properties, { queryId: queryId(`transient_${source?.name}_`), signal }),
    );
  checkPull(analysis);
  if (source?.kind === 'STREAM')
    return foreseeing(['queries', 'streamPulls'], () =>
      pullStream(state, analysis, { queryId: queryId(`transient_${source.name}_`), signal }),
    );
  const answer = pullTable(analysis, state.catalogue, scansAllowed(properties), queryId('query_'));
  state.prepared.remember(sql, analysis, state.catalogue);
  return answer;
}

/** Converts the errors that ksqlDB does not handle in this kind of query to internal errors. */
async function foreseeing(
  unforeseen: readonly KsqlError['unforeseenIn'][],
  run: () => Promise<QueryAnswer>,
): Promise<QueryAnswer> {
  try {
    return await run();
  } catch (error) {
    throw error instanceof KsqlError && unforeseen.includes(error.unforeseenIn) ? internalError(error) : error;
  }
}

const queryId = (prefix: string): string => `${prefix}${Date.now()}${++counter}`;

function scansAllowed(properties: StreamsProperties): boolean {
  const value = properties['ksql.query.pull.table.scan.enabled'];
  return value !== false && value !== 'false';
}

function checkPull({ query, select, scope, sources }: Analysis): void {
  if (query.joins.length > 0) throw unsupportedClause('JOIN clauses');
  if (query.groupBy.length > 0 || select.some(({ expression }) => aggregateCalls(expression).length > 0))
    throw unsupportedClause('GROUP BY clauses');
  if (query.partitionBy.length > 0) throw unsupportedClause('PARTITION BY clauses');
  if (query.having !== undefined) throw unsupportedClause('HAVING clauses');
  if (query.limit !== undefined && query.limit < 0) throw unsupportedClause('negative integers in the LIMIT clause');
  if (
    sources[0]?.source.kind === 'TABLE' &&
    query.select.length > 1 &&
    query.select.some(({ kind }) => kind === 'star')
  )
    throw new KsqlError('Pull queries only support wildcards in the projects if they are the only expression');
  const pseudo = (expressions: readonly Expression[]): string[] => {
    const names = new Set<string>();
    for (const expression of expressions) {
      mapExpression(expression, (part) => {
        const hidden = part.kind === 'column' && (part.name === 'ROWPARTITION' || part.name === 'ROWOFFSET');
        if (hidden && scope.some((column) => column.pseudo && column.name === part.name)) names.add(part.name);
        return undefined;
      });
    }
    return [...names];
  };
  const selected = pseudo(select.map(({ expression }) => expression));
  if (selected.length > 0) throw unsupportedColumns(selected, 'SELECT');
  const asked = query.where === undefined ? [] : pseudo([query.where]);
  if (asked.length > 0) throw unsupportedColumns(asked, 'WHERE');
}
