import type { Catalogue } from '../catalogue/catalogue.ts';
import type { RunningQuery } from '../engine/running-query.ts';
import { compile } from '../expressions/compile.ts';
import { condition, nullOnError } from '../expressions/compiled.ts';
import type { ScopeColumn } from '../expressions/scope.ts';
import { partitionOf } from '../kafka/partition.ts';
import type { Expression } from '../parser/ast.ts';
import type { Analysis } from '../plan/analyse.ts';
import { compileCondition } from '../plan/plan-query.ts';
import { keyFormat } from '../serde/format.ts';
import type { KeyCodec, KeyId } from '../state/key-id.ts';
import type { Row, Value } from '../types/value.ts';
import type { AnswerColumn, QueryAnswer } from './answer.ts';
import { planLookup } from './lookup.ts';
import { invalidWhere, notQueryable } from './pull-errors.ts';

/** Answers a pull query from the committed rows of the table's query. */
export function pullTable(
  analysis: Analysis,
  catalogue: Catalogue,
  scansAllowed: boolean,
  queryId: string,
): QueryAnswer {
  const { query, select, scope, sources } = analysis;
  const source = sources[0]?.source;
  const keeper = source === undefined ? undefined : catalogue.keeperOf(source);
  if (source === undefined || keeper === undefined) throw notQueryable(source?.name ?? '');
  const columns = select.map(({ name, expression }) => ({
    name,
    compiled: compile(expression, { scope, clause: 'SELECT' }),
    key: isKey(expression, scope),
  }));
  const where = query.where === undefined ? undefined : compileCondition(query.where, scope, 'WHERE');
  const { found, exact } = findRows(query.where, { keeper: keeper.running, source, scansAllowed });
  return {
    queryId,
    columns: columns.map(
      ({ name, compiled, key }): AnswerColumn => ({ name, type: compiled.type ?? { base: 'STRING' }, key }),
    ),
    rows: project(found, {
      keyOf: keeper.running.codec.keyOf,
      width: source.schema.value.length,
      passes: where === undefined || exact ? undefined : condition(where),
      evaluators: columns.map(({ compiled }) => nullOnError(compiled)),
      limit: query.limit ?? Number.POSITIVE_INFINITY,
    }),
    saysLimit: false,
  };
}

interface Projection {
  readonly keyOf: KeyCodec['keyOf'];
  readonly width: number;
  readonly passes: ((row: Row) => boolean) | undefined;
  readonly evaluators: readonly ((row: Row) => Value)[];
  readonly limit: number;
}

function* project(
  found: Iterable<readonly [KeyId, Row]>,
  { keyOf, width, passes, evaluators, limit }: Projection,
): Generator<Row> {
  let count = 0;
  for (const [id, stored] of found) {
    if (count >= limit) return;
    const row = flat(keyOf(id), stored, width);
    if (passes !== undefined && !passes(row)) continue;
    count++;
    yield evaluators.map((evaluate) => evaluate(row));
  }
}

const isKey = (expression: Expression, scope: readonly ScopeColumn[]): boolean =>
  expression.kind === 'column' && scope.some(({ name, key }) => key && name === expression.name);

/** A stored row is its ROWTIME, then its value's columns; those that OR REPLACE added may be missing. */
function flat(key: Row, stored: Row, width: number): Row {
  const row = [...key];
  for (let i = 1; i <= width; i++) row.push(stored[i] ?? null);
  row.push(stored[0] ?? null, null, null);
  return row;
}

interface Finding {
  readonly keeper: RunningQuery;
  readonly source: NonNullable<Analysis['sources'][number]>['source'];
  readonly scansAllowed: boolean;
}

function findRows(
  where: Expression | undefined,
  { keeper, source, scansAllowed }: Finding,
): { found: Iterable<readonly [KeyId, Row]>; exact: boolean } {
  if (where === undefined) {
    if (!scansAllowed) throw invalidWhere('Missing WHERE clause');
    return { found: keeper.result.scan(), exact: false };
  }
  const lookup = planLookup(where, source, scansAllowed);
  if (lookup.kind === 'scan') return { found: keeper.result.scan(), exact: false };
  const format = keyFormat(source.keyFormat, source.schema.key);
  const { partitions } = keeper.definition.plan;
  // As in ksqlDB one key is looked for only in the partition it belongs to, several in all of them.
  const [only] = lookup.keys.length === 1 && source.schema.key.length === 1 ? lookup.keys : [];
  const all =
    only === undefined
      ? Array.from({ length: partitions }, (_, i) => i)
      : [partitionOf(format.write(only), partitions)];
  const found = new Map<KeyId, Row>();
  for (const key of lookup.keys) {
    const id = keeper.codec.idOf(key);
    for (const partition of all) {
      const row = keeper.result.find(partition, id);
      if (row !== null) found.set(id, row);
    }
  }
  return { found, exact: lookup.exact };
}
