import type { CataloguedQuery } from '../catalogue/catalogue.ts';
import type { Source } from '../catalogue/source.ts';
import { KsqlError } from '../errors.ts';
import { type Column, formatColumns, type Schema } from '../types/schema.ts';
import { sameType } from '../types/sql-type.ts';
import type { PlannedCreate } from './create-query.ts';

/** The query that OR REPLACE changes. The new one keeps its id, state and positions. */
export interface Replacement {
  readonly queryId: string;
}

const sameColumn = (a: Column, b: Column | undefined): boolean =>
  b !== undefined && a.name === b.name && sameType(a.type, b.type);

/** Refuses every change of the schema except new columns at the end. */
function checkSchema(name: string, old: Schema, next: Schema): void {
  const changed = [
    ...old.key.filter((column, i) => !sameColumn(column, next.key[i])),
    ...old.value.filter((column, i) => !sameColumn(column, next.value[i])),
  ];
  if (changed.length === 0 && old.key.length === next.key.length) return;
  const all = ({ key, value }: Schema): string =>
    [formatColumns(key, new Set(key.map((column) => column.name))), formatColumns(value)]
      .filter((part) => part !== '')
      .join(', ');
  throw new KsqlError(
    `Cannot upgrade data source: DataSource '\`${name}\`' has schema = ${all(old)} which is not upgradeable to ${all(next)}. (The following columns are changed, missing or reordered: [${formatColumns(changed)}])`,
  );
}

/** Checks that the new definition may replace the old one. Returns the query to replace, if any. */
export function checkReplaceable(
  old: Source,
  next: Source | PlannedCreate,
  writer?: CataloguedQuery,
): Replacement | null {
  const refuse = (why: string): never => {
    throw new KsqlError(`Cannot upgrade data source: ${why}`);
  };
  const kind = 'plan' in next ? next.plan.kind : next.kind;
  if (old.kind !== kind)
    refuse(
      `DataSource '\`${old.name}\`' has type = ${old.kind.toLowerCase()} which is not upgradeable to ${kind.toLowerCase()}`,
    );
  if (old.readOnly) refuse(`DataSource '\`${old.name}\`' is a read-only source`);
  if (!('plan' in next)) {
    if (old.topic !== next.topic)
      refuse(`DataSource '\`${old.name}\`' has topic = ${old.topic} which is not upgradeable to ${next.topic}`);
    checkSchema(old.name, old.schema, next.schema);
    return null;
  }
  if (old.topic !== next.topic)
    refuse(`DataSource '\`${old.name}\`' has topic = ${old.topic} which is not upgradeable to ${next.topic}`);
  checkSchema(old.name, old.schema, next.plan.schema);
  if (writer === undefined) return null;
  const { query } = next.analysis;
  const notUpgradeable = (why: string): never => {
    throw new KsqlError(`Query is not upgradeable. ${why}`, { code: 40000, statementText: null });
  };
  if (query.joins.length > 0) notUpgradeable('Plan step of type TableTableJoin is not supported for upgrades.');
  if (query.groupBy.length > 0 && body(next.text) !== body(writer.statementText)) {
    notUpgradeable('Plan step of type StreamAggregate must have matching columns not part of aggregate.');
  }
  return { queryId: writer.id };
}

/** The part of a statement from AS SELECT on. */
const body = (text: string): string => text.slice(text.indexOf(' AS SELECT'));
