import {
  connectKafka,
  createKsqldbClient,
  ensureTopics,
  keepDone,
  keepTopics,
  obeyCommands,
  publishStatus,
  readKsqldbSettings,
  readTopics,
  type ServiceContext,
} from '@shop/common';
import { createApplier } from './apply-statements.ts';
import { createCommandChannel } from './command-channel.ts';
import { createKafkaView } from './kafka-view.ts';
import { readStatements } from './read-statements.ts';
import { reportDifferences } from './report-differences.ts';
import { requireTopics } from './require-topics.ts';
import { readApplierSettings } from './settings.ts';
import { createTableGuard } from './table-guard.ts';

/** Time-out of a question, ms. */
const questionTimeoutMs = 15_000;
/** How long a sink topic without its table may be the work of an applier that was killed, ms. */
const suspectedMs = 30_000;
/** How long a topic or a query is missing before the table is recreated, ms. */
const missingMs = 10_000;

/**
 * Applies the statements of a folder, and again whenever something of them is missing. Returns when all are in place.
 *
 * @throws SettingError
 */
export async function startApplier(context: ServiceContext, dir: string): Promise<void> {
  const { env, report, logger, signal } = context;
  const {
    APPLY_INTERVAL_MS: intervalMs,
    STATEMENT_TIMEOUT_MS: statementTimeoutMs,
    QUERY_STUCK_MS: stuckMs,
  } = readApplierSettings(env);
  const statements = readStatements(dir);
  const topics = readTopics(env);
  requireTopics(statements, topics);
  const ksqldbSettings = readKsqldbSettings(env);

  const { kafka, settings } = await connectKafka(context);
  const sources = [topics.customers, topics.orders, topics.refills];
  const { serviceStatus, commands: shopCommands, commandResults } = topics;
  await keepTopics(kafka, settings, [serviceStatus, shopCommands, commandResults, ...sources], context);
  await publishStatus(kafka, serviceStatus.topic, context);
  obeyCommands({ kafka, settings, topics }, context);

  const ksqldb = createKsqldbClient(ksqldbSettings, { timeoutMs: questionTimeoutMs });
  const commands = createKsqldbClient(ksqldbSettings, { timeoutMs: statementTimeoutMs });
  const view = createKafkaView(kafka, settings);
  context.onClose(() => view.close());
  const channel = createCommandChannel({
    ksqldb,
    commands,
    lostAfterMs: statementTimeoutMs,
    suspectedMs: Math.min(suspectedMs, statementTimeoutMs),
    logger,
    signal,
  });
  const countApplied = report.counter('statements_applied', 'Statements that ksqlDB has executed');
  const apply = createApplier({
    ksqldb,
    channel,
    guard: createTableGuard({ ksqldb, channel, kafka: view, statements, stuckMs, missingMs, logger }),
    kafka: view,
    statements,
    ensureSources: () => ensureTopics(kafka, settings, sources, context),
    onApplied: () => countApplied(),
    logger,
  });
  let compared = false;
  async function attempt(): Promise<void> {
    await apply();
    if (!compared) await reportDifferences(ksqldb, statements, logger);
    compared = true;
  }
  const inPlace = keepDone('ksqlDB', attempt, context, {
    intervalMs,
    longestDelayMs: 500,
    refusedDelayMs: intervalMs,
  });
  // Closed first: that ends a request in progress, for which the keeper would wait.
  context.onClose(() => {
    ksqldb.close();
    commands.close();
  });
  await inPlace;
}
