import { ShopError } from '@shop/common';
import type { Catalogue } from './catalogue.ts';
import { describeStatement, type Statement } from './read-statements.ts';

/** The statements whose stream or table is not there, in their order. */
export function findMissing(statements: Statement[], { sources }: Catalogue): Statement[] {
  return statements.filter(({ name }) => !sources.has(name));
}

/**
 * Makes sure that what is there is what the statements mean, and alive.
 *
 * @throws ShopError for the first that is not: its name is taken by something else, or nothing fills it any more
 */
export function requireAlive(statements: Statement[], { sources, queryStates }: Catalogue): void {
  for (const statement of statements) {
    const { kind, name, sourceTopic } = statement;
    const found = sources.get(name);
    if (found === undefined) continue;
    if (found !== kind)
      throw new ShopError('name_taken', `${describeStatement(statement)}: ksqlDB has a ${found} of that name; drop it`);
    if (sourceTopic === undefined) requireQuery(statement, queryStates.get(name));
  }
}

function requireQuery(statement: Statement, state: string | undefined): void {
  if (state === 'RUNNING') return;
  const where = describeStatement(statement);
  if (state === undefined)
    throw new ShopError(
      'query_gone',
      `${where}: the query that fills it was terminated; DROP ${statement.kind} ${statement.name}; and it is made anew`,
    );
  if (state === 'PAUSED')
    throw new ShopError(
      'query_paused',
      `${where}: the query that fills it is paused; RESUME it (LIST QUERIES; names it)`,
    );
  // ksqlDB itself starts a query again that failed.
  throw new ShopError('query_state', `${where}: the query that fills it is in state ${state}`, { canRetry: true });
}
