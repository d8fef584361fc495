import { ShopError } from '@shop/common';
import type { Catalogue } from './catalogue.ts';
import { describeStatement, type Statement } from './read-statements.ts';

/** The statements whose stream or table does not exist, in their order. */
export function findMissing(statements: Statement[], { sources }: Catalogue): Statement[] {
  return statements.filter(({ name }) => !sources.has(name));
}

/** @throws ShopError for the first statement whose name belongs to something else */
export function requireKinds(statements: Statement[], { sources }: Catalogue): void {
  for (const statement of statements) {
    const found = sources.get(statement.name);
    if (found !== undefined && found.kind !== statement.kind)
      throw new ShopError(
        'name_taken',
        `${describeStatement(statement)}: ksqlDB has a ${found.kind} of that name; drop it`,
      );
  }
}

/**
 * The problem of a query that does not run.
 *
 * @param state undefined when the table exists and certainly no query fills it
 */
export function describeState(statement: Statement, state: string | undefined): ShopError | undefined {
  if (state === 'RUNNING') return undefined;
  const where = describeStatement(statement);
  if (state === undefined)
    return new ShopError(
      'query_gone',
      `${where}: the query that fills it was terminated; DROP ${statement.kind} ${statement.name}; then it is recreated`,
    );
  if (state === 'PAUSED')
    return new ShopError(
      'query_paused',
      `${where}: the query that fills it is paused; RESUME it (LIST QUERIES; names it)`,
    );
  // ksqlDB itself restarts a query that failed.
  return new ShopError('query_state', `${where}: the query that fills it is in state ${state}`, { canRetry: true });
}
