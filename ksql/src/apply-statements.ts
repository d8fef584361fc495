import { type KsqldbClient, type Logger, ShopError } from '@shop/common';
import { applyStatement } from './apply-statement.ts';
import { readCatalogue } from './catalogue.ts';
import { findMissing } from './compare.ts';
import { describeStatement, type Statement } from './read-statements.ts';

/** What shipping-service asks, for a customer who never is: answered without a row once the table can be asked. */
export const readinessQuery = 'SELECT id FROM customers WHERE id = 0;';

export interface Applier {
  ksqldb: KsqldbClient;
  statements: Statement[];
  /** Makes sure that the topics are there which the statements read. */
  ensureSources(): Promise<void>;
  /** Called after each statement that was carried out. */
  onApplied(statement: Statement): void;
  logger: Logger;
  signal: AbortSignal;
}

/**
 * One round: looks what is there, sends what is missing, one at a time and in order, and looks again. Costs two requests
 * when nothing is missing.
 *
 * @throws ShopError, KsqldbError: what is in the way
 */
export async function applyStatements(applier: Applier): Promise<void> {
  const { ksqldb, statements, logger, signal } = applier;
  const missing = findMissing(statements, await readCatalogue(ksqldb));
  if (missing.length > 0) await applier.ensureSources();
  for (const statement of missing) {
    const answer = await applyStatement(ksqldb, statement, signal);
    logger.info({ statement: describeStatement(statement), answer }, 'applied');
    applier.onApplied(statement);
  }
  const [still] = missing.length > 0 ? findMissing(statements, await readCatalogue(ksqldb)) : [];
  if (still)
    throw new ShopError('statement_lost', `${describeStatement(still)}: taken by ksqlDB, but not listed`, {
      canRetry: true,
    });
  await ksqldb.pull(readinessQuery);
}
