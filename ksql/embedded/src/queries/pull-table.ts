import type { Catalogue } from '../catalogue/catalogue.ts';
import type { Source } from '../catalogue/source.ts';
import { KsqlError } from '../errors.ts';
import { compile } from '../expressions/compile.ts';
import { condition, nullOnError } from '../expressions/compiled.ts';
import { resolveColumn } from '../expressions/scope.ts';
import { keyPartition } from '../kafka/key-partition.ts';
import type { Expression } from '../parser/ast.ts';
import type { Analysis } from '../plan/analyse.ts';
import { compileCondition } from '../plan/plan-query.ts';
import { checkNames } from '../plan/result-schema.ts';
import { keyFormat } from '../serde/format.ts';
import type { KeyId } from '../state/key-id.ts';
import type { Row, Value } from '../types/value.ts';
import type { AnswerColumn, QueryAnswer } from './answer.ts';
import { withoutNotLike } from './disjuncts.ts';
import { planLookup } from './lookup.ts';
import { invalidWhere, notQueryable } from './pull-errors.ts';

type Found = Iterable<readonly [KeyId, Row]>;
/** Computes a column of the answer from a stored row and its key. */
type Pick = (key: Row, stored: Row) => Value;

/** Answers a pull query from the committed rows of the table's query. */
export function pullTable(
  analysis: Analysis,
  catalogue: Catalogue,
  scansAllowed: boolean,
  queryId: string,
): QueryAnswer {
  const { query, scope } = analysis;
  const pull = createTablePull(analysis, catalogue);
  const where =
    query.where === undefined ? undefined : compileCondition(withoutNotLike(query.where), scope, 'WHERE', true);
  const { found, exact } = findRows(query.where, pull, scansAllowed);
  return {
    queryId,
    columns: pull.columns,
    rows: pull.project(found, where === undefined || exact ? undefined : condition(where), query.limit),
    saysLimit: false,
  };
}

export type TablePull = ReturnType<typeof createTablePull>;

/** Plans a pull query on a table, without its WHERE clause. */
export function createTablePull({ select, scope, sources }: Analysis, catalogue: Catalogue) {
  const source = sources[0]?.source;
  const keeper = source === undefined ? undefined : catalogue.keeperOf(source)?.running;
  if (source === undefined || keeper === undefined) throw notQueryable(source?.name ?? '');
  const keys = keyFormat(source.keyFormat, source.schema.key);
  const compiled = select.map(({ expression }) => compile(expression, { scope, clause: 'SELECT', isPull: true }));
  if (compiled.some(({ type }) => type === null))
    throw new KsqlError('Cannot infer the type of NULL; use CAST(NULL AS …).');
  const columns: readonly AnswerColumn[] = select.map(({ name }, i) => ({
    name,
    type: compiled[i]?.type ?? { base: 'STRING' },
    key: source.schema.key.some((column) => column.name === name),
  }));
  checkNames({ key: columns.filter(({ key }) => key), value: columns.filter(({ key }) => !key) }, 'QUERY');
  const picks = select.map(({ expression }, i): Pick => {
    if (expression.kind === 'column') return pickColumn(resolveColumn(scope, expression, 'SELECT'), source);
    const evaluate = nullOnError(compiled[i] ?? { type: null, evaluate: () => null });
    return (key, stored) => evaluate(flat(key, stored, source));
  });
  const { result, codec, definition } = keeper;
  const { partitions } = definition.plan;

  return {
    source,
    columns,

    /** Whether the plan is still valid: the table and its query have not been replaced. */
    isCurrent: (now: Catalogue): boolean =>
      now.find(source.name) === source && now.keeperOf(source)?.running === keeper,

    all: (): Found => result.scan(),

    /** Finds rows by key. As in ksqlDB, a single key is looked up only in its partition, several keys in all. */
    withKeys(wanted: readonly Row[]): Found {
      const found = new Map<KeyId, Row>();
      const [only] = wanted;
      if (only !== undefined && wanted.length === 1 && source.schema.key.length === 1) {
        const id = codec.idOf(only);
        const row = result.find(keyPartition(keys, only, partitions), id);
        return row === null ? found : found.set(id, row);
      }
      for (const key of wanted) {
        const id = codec.idOf(key);
        for (let partition = 0; partition < partitions; partition++) {
          const row = result.find(partition, id);
          if (row !== null) found.set(id, row);
        }
      }
      return found;
    },

    *project(found: Found, passes?: (row: Row) => boolean, limit: number = Number.POSITIVE_INFINITY): Generator<Row> {
      let count = 0;
      for (const [id, stored] of found) {
        if (count >= limit) return;
        const key = codec.keyOf(id);
        if (passes !== undefined && !passes(flat(key, stored, source))) continue;
        count++;
        yield picks.map((pick) => pick(key, stored));
      }
    },
  };
}

/** Reads a column without building the flat row. A stored row has ROWTIME, then the value's columns. */
function pickColumn(place: number, { schema }: Source): Pick {
  const { length } = schema.key;
  if (place < length) return (key) => key[place] ?? null;
  const at = place - length < schema.value.length ? place - length + 1 : 0;
  return (_, stored) => stored[at] ?? null;
}

/** Builds the flat row. The stored row may lack columns that OR REPLACE added. */
function flat(key: Row, stored: Row, { schema }: Source): Row {
  const row = [...key];
  for (let i = 1; i <= schema.value.length; i++) row.push(stored[i] ?? null);
  row.push(stored[0] ?? null, null, null);
  return row;
}

function findRows(
  where: Expression | undefined,
  pull: TablePull,
  scansAllowed: boolean,
): { found: Found; exact: boolean } {
  if (where === undefined) {
    if (!scansAllowed) throw invalidWhere('Missing WHERE clause');
    return { found: pull.all(), exact: false };
  }
  const lookup = planLookup(where, pull.source, scansAllowed);
  if (lookup.kind === 'scan') return { found: pull.all(), exact: false };
  return { found: pull.withKeys(lookup.keys), exact: lookup.exact };
}
