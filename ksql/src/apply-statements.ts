import { type KsqldbClient, type Logger, ShopError } from '@shop/common';
import { applyStatement } from './apply-statement.ts';
import { readCatalogue } from './catalogue.ts';
import { findMissing, requireAlive } from './compare.ts';
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
 * One round: looks what is there, sends what is missing, one at a time and in order, and looks again. A statement that is
 * refused, or whose topic is not there, does not keep the others from being sent. Costs two requests when nothing is missing.
 *
 * @throws ShopError, KsqldbError: what is in the way; of several things the first
 */
export async function applyStatements(applier: Applier): Promise<void> {
  const { ksqldb, statements } = applier;
  const before = await readCatalogue(ksqldb);
  const missing = findMissing(statements, before);
  if (missing.length > 0) {
    await applier.ensureSources();
    const refusal = await applyAll(missing, applier);
    if (refusal) throw refusal;
  }
  const after = missing.length > 0 ? await readCatalogue(ksqldb) : before;
  const [lost] = findMissing(statements, after);
  if (lost)
    throw new ShopError('statement_lost', `${describeStatement(lost)}: taken by ksqlDB, but not listed`, {
      canRetry: true,
    });
  requireAlive(statements, after);
  await ksqldb.pull(readinessQuery);
}

/** @returns what stands in the way of the first that was not taken; trouble of the server as a whole is thrown */
async function applyAll(missing: Statement[], applier: Applier): Promise<ShopError | undefined> {
  const { ksqldb, logger, signal, onApplied } = applier;
  let refusal: ShopError | undefined;
  for (const statement of missing) {
    try {
      const answer = await applyStatement(ksqldb, statement, signal);
      logger.info({ statement: describeStatement(statement), answer }, 'applied');
      onApplied(statement);
    } catch (error) {
      if (!(error instanceof ShopError) || (error.canRetry && error.code !== 'topic_missing')) throw error;
      refusal ??= error;
    }
  }
  return refusal;
}
