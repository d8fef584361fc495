import type { Source } from '../catalogue/source.ts';
import { KsqlError, notSupported } from '../errors.ts';
import { type Scope, scopeOf } from '../expressions/scope.ts';
import type { Expression, Query, SourceReference } from '../parser/ast.ts';
import { formatExpression } from '../parser/format-expression.ts';

/** A source of a query and its alias. */
export interface AliasedSource {
  readonly alias: string;
  readonly source: Source;
}

/** One column of the result. */
export interface SelectedColumn {
  readonly name: string;
  readonly expression: Expression;
}

export interface Analysis {
  readonly query: Query;
  /** The FROM source, then the joined sources. */
  readonly sources: readonly AliasedSource[];
  /** The columns of all sources, in the order of a joined row. */
  readonly scope: Scope;
  readonly select: readonly SelectedColumn[];
}

export type FindSource = (name: string) => Source | undefined;

/** Resolves the names of a query and expands its select list. */
export function analyse(query: Query, find: FindSource): Analysis {
  if (query.emit === 'FINAL') throw notSupported('EMIT FINAL');
  if (query.window !== undefined) throw notSupported(`windows (WINDOW ${query.window})`);
  const sources = [query.from, ...query.joins.map(({ source }) => source)].map((reference) => resolve(reference, find));
  checkSources(sources);
  const scope = sources.flatMap(({ alias, source }) => scopeOf(alias, source.schema));
  return { query, sources, scope, select: selectList(query, sources, scope) };
}

function resolve(reference: SourceReference, find: FindSource): AliasedSource {
  const source = find(reference.name);
  if (source === undefined) {
    throw new KsqlError(`Exception while preparing statement: ${reference.name} does not exist.`);
  }
  return { alias: reference.alias, source };
}

function checkSources(sources: readonly AliasedSource[]): void {
  const names = new Set<string>();
  for (const { source } of sources) {
    if (names.has(source.name)) {
      throw new KsqlError(`Can not join '${source.name}' to '${source.name}': self joins are not yet supported.`);
    }
    names.add(source.name);
  }
}

function selectList(query: Query, sources: readonly AliasedSource[], scope: Scope): SelectedColumn[] {
  const joined = sources.length > 1;
  const names = createColumnNames(scope, joined);
  const selected: SelectedColumn[] = [];
  for (const item of query.select) {
    if (item.kind === 'single') {
      selected.push({ name: item.alias ?? names.of(item.expression), expression: item.expression });
      continue;
    }
    const { source: only } = item;
    if (only !== undefined && !sources.some(({ alias }) => alias === only)) {
      throw new KsqlError(`'${only}' is not a valid stream/table name or alias.`);
    }
    // With PARTITION BY, the former key comes after the other columns.
    const moved = query.partitionBy.length > 0 && !joined;
    const columns = moved ? [...scope.filter(({ key }) => !key), ...scope.filter(({ key }) => key)] : scope;
    for (const column of columns) {
      if (column.pseudo || (only !== undefined && column.source !== only)) continue;
      const name = joined ? `${column.source}_${column.name}` : column.name;
      selected.push({
        name,
        expression: { kind: 'column', source: column.source, name: column.name, at: { line: 1, column: 1 } },
      });
    }
    // `*` includes the new key, with a name that ksqlDB generates.
    for (const key of query.partitionBy)
      if (key.kind !== 'column') selected.push({ name: names.of(key), expression: key });
  }
  return selected;
}

/** Generates ksqlDB's names of columns without an alias. */
function createColumnNames(scope: Scope, joined: boolean) {
  const taken = new Set<string>();
  let generated = 0;

  function ofColumn(source: string | undefined, name: string): string {
    const shared = joined && scope.filter((column) => column.name === name).length > 1;
    return shared && source !== undefined ? `${source}_${name}` : name;
  }

  function ofField(name: string): string {
    let unique = name;
    for (let i = 1; taken.has(unique); i++) unique = `${name}_${i}`;
    taken.add(unique);
    return unique;
  }

  return {
    of(expression: Expression): string {
      if (expression.kind === 'column') return ofColumn(expression.source, expression.name);
      if (expression.kind === 'field') return ofField(expression.name);
      let name: string;
      do name = `KSQL_COL_${generated++}`;
      while (scope.some((column) => column.name === name));
      return name;
    },
  };
}

/** Returns the same text for equal expressions, with or without the source before a column. */
export function expressionKey(expression: Expression, scope: Scope): string {
  return formatExpression(expression, ({ source, name }) => {
    const owner = source ?? scope.find((column) => column.name === name)?.source ?? '';
    return `${owner}.${name}`;
  });
}
