import { type KsqldbClient, type Logger, ShopError } from '@shop/common';
import { type Catalogue, readCatalogue } from './catalogue.ts';
import { createCommand } from './command.ts';
import type { CommandChannel } from './command-channel.ts';
import { findMissing, requireKinds } from './compare.ts';
import type { KafkaView } from './kafka-view.ts';
import { describeStatement, type Statement } from './read-statements.ts';
import type { TableGuard } from './table-guard.ts';

/** What shipping-service asks, for a customer who never exists: answered without a row once the table can be asked. */
export const readinessQuery = 'SELECT id FROM customers WHERE id = 0;';

export interface ApplierPlan {
  ksqldb: KsqldbClient;
  channel: CommandChannel;
  guard: TableGuard;
  kafka: Pick<KafkaView, 'listTopics'>;
  statements: Statement[];
  /** Makes sure that the topics exist which the statements read. */
  ensureSources(): Promise<void>;
  /** Called after each statement that ksqlDB has executed. */
  onApplied(statement: Statement): void;
  logger: Logger;
}

/**
 * @returns one round: reads what exists, sends what is missing, one at a time and in order, and checks that every table is
 * filled. A statement that is refused, or whose topic does not exist, does not stop the others. The round throws the first
 * problem, as ShopError or KsqldbError
 */
export function createApplier(plan: ApplierPlan): () => Promise<void> {
  const { ksqldb, channel, guard, kafka, statements, ensureSources } = plan;
  let isFirst = true;

  /** @returns what ksqlDB holds after the missing statements were sent */
  async function applyMissing(): Promise<Catalogue> {
    await channel.settle();
    const before = await readCatalogue(ksqldb);
    const missing = findMissing(statements, before);
    if (isFirst) await suspectEarlierProcess(missing);
    isFirst = false;
    if (missing.length > 0) {
      await ensureSources();
      const refusal = await applyAll(missing, plan);
      if (refusal) throw refusal;
    }
    const after = missing.length > 0 ? await readCatalogue(ksqldb) : before;
    const [lost] = findMissing(statements, after);
    if (lost)
      throw new ShopError('statement_lost', `${describeStatement(lost)}: taken by ksqlDB, but not listed`, {
        canRetry: true,
      });
    requireKinds(statements, after);
    return after;
  }

  /** While ksqlDB executes a CREATE, its sink topic can exist without its table. */
  async function suspectEarlierProcess(missing: readonly Statement[]): Promise<void> {
    const topics = await kafka.listTopics();
    const [suspect] = missing.filter(({ sinkTopic }) => sinkTopic !== undefined && topics.has(sinkTopic));
    if (suspect) channel.suspect(createCommand(suspect));
  }

  return async () => {
    const catalogue = await applyMissing().catch((error) => {
      // Only an unbroken watch may lead to a repair.
      guard.forget();
      throw error;
    });
    await guard.check(catalogue);
    await ksqldb.pull(readinessQuery);
  };
}

/** @returns why the first refused statement was refused. @throws problems of the whole server */
async function applyAll(missing: Statement[], plan: ApplierPlan): Promise<ShopError | undefined> {
  const { channel, logger, onApplied } = plan;
  let refusal: ShopError | undefined;
  for (const statement of missing) {
    try {
      const answer = await channel.run(createCommand(statement));
      logger.info({ statement: describeStatement(statement), answer }, 'applied');
      onApplied(statement);
    } catch (error) {
      if (!(error instanceof ShopError) || (error.canRetry && error.code !== 'topic_missing')) throw error;
      refusal ??= error;
    }
  }
  return refusal;
}
