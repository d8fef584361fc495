import type { Catalogue } from '../catalogue/catalogue.ts';
import type { Source } from '../catalogue/source.ts';
import type { RunningQuery } from '../engine/running-query.ts';
import { KsqlError } from '../errors.ts';
import { compile } from '../expressions/compile.ts';
import { condition, nullOnError } from '../expressions/compiled.ts';
import { resolveColumn } from '../expressions/scope.ts';
import { keyPartition } from '../kafka/key-partition.ts';
import type { Expression } from '../parser/ast.ts';
import type { Analysis } from '../plan/analyse.ts';
import { compileCondition } from '../plan/plan-query.ts';
import { checkNames } from '../plan/result-schema.ts';
import { type Format, keyFormat } from '../serde/format.ts';
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
  const pull = new TablePull(analysis, catalogue);
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

/** A pull query of a table, planned but for the rows it asks for. */
export class TablePull {
  readonly source: Source;
  readonly columns: readonly AnswerColumn[];
  readonly #keeper: RunningQuery;
  readonly #keys: Format;
  readonly #picks: readonly Pick[];

  constructor({ select, scope, sources }: Analysis, catalogue: Catalogue) {
    const source = sources[0]?.source;
    const keeper = source === undefined ? undefined : catalogue.keeperOf(source);
    if (source === undefined || keeper === undefined) throw notQueryable(source?.name ?? '');
    this.source = source;
    this.#keeper = keeper.running;
    this.#keys = keyFormat(source.keyFormat, source.schema.key);
    const compiled = select.map(({ expression }) => compile(expression, { scope, clause: 'SELECT', isPull: true }));
    if (compiled.some(({ type }) => type === null))
      throw new KsqlError('Cannot infer the type of NULL; use CAST(NULL AS …).');
    this.columns = select.map(({ name }, i) => ({
      name,
      type: compiled[i]?.type ?? { base: 'STRING' },
      key: source.schema.key.some((column) => column.name === name),
    }));
    checkNames({ key: this.columns.filter(({ key }) => key), value: this.columns.filter(({ key }) => !key) }, 'QUERY');
    this.#picks = select.map(({ expression }, i) => {
      if (expression.kind === 'column') return pickColumn(resolveColumn(scope, expression, 'SELECT'), source);
      const evaluate = nullOnError(compiled[i] ?? { type: null, evaluate: () => null });
      return (key, stored) => evaluate(flat(key, stored, source));
    });
  }

  /** Whether what was planned still holds: the table is there, and the same query keeps its rows. */
  isCurrent(catalogue: Catalogue): boolean {
    return (
      catalogue.find(this.source.name) === this.source && catalogue.keeperOf(this.source)?.running === this.#keeper
    );
  }

  all(): Found {
    return this.#keeper.result.scan();
  }

  /** As in ksqlDB one key is looked for only in the partition it belongs to, several in all of them. */
  withKeys(keys: readonly Row[]): Found {
    const { result, codec, definition } = this.#keeper;
    const { partitions } = definition.plan;
    const found = new Map<KeyId, Row>();
    const [only] = keys;
    if (only !== undefined && keys.length === 1 && this.source.schema.key.length === 1) {
      const id = codec.idOf(only);
      const row = result.find(keyPartition(this.#keys, only, partitions), id);
      return row === null ? found : found.set(id, row);
    }
    for (const key of keys) {
      const id = codec.idOf(key);
      for (let partition = 0; partition < partitions; partition++) {
        const row = result.find(partition, id);
        if (row !== null) found.set(id, row);
      }
    }
    return found;
  }

  *project(found: Found, passes?: (row: Row) => boolean, limit: number = Number.POSITIVE_INFINITY): Generator<Row> {
    const { codec } = this.#keeper;
    let count = 0;
    for (const [id, stored] of found) {
      if (count >= limit) return;
      const key = codec.keyOf(id);
      if (passes !== undefined && !passes(flat(key, stored, this.source))) continue;
      count++;
      yield this.#picks.map((pick) => pick(key, stored));
    }
  }
}

/** A column without the detour over a flat row. A stored row is its ROWTIME, then its value's columns. */
function pickColumn(place: number, { schema }: Source): Pick {
  const { length } = schema.key;
  if (place < length) return (key) => key[place] ?? null;
  const at = place - length < schema.value.length ? place - length + 1 : 0;
  return (_, stored) => stored[at] ?? null;
}

/** The row as expressions read it; columns that OR REPLACE added may be missing from the stored one. */
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
