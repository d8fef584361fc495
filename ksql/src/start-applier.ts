import {
  connectKafka,
  createKsqldbClient,
  ensureTopics,
  keepDone,
  keepTopics,
  publishStatus,
  readKsqldbSettings,
  readTopics,
  type ServiceContext,
} from '@shop/common';
import { applyStatements } from './apply-statements.ts';
import { readStatements } from './read-statements.ts';
import { reportDifferences } from './report-differences.ts';
import { requireTopics } from './require-topics.ts';
import { readApplierSettings } from './settings.ts';

/** Limit of one request. ksqlDB answers a statement after 5 s at the latest, whether it is carried out or not. */
const requestTimeoutMs = 15_000;

/**
 * Applies the statements of a folder, and again whenever something of them is missing. Returns when all stand.
 *
 * @throws SettingError
 */
export async function startApplier(context: ServiceContext, dir: string): Promise<void> {
  const { env, report, logger, signal } = context;
  const { APPLY_INTERVAL_MS: intervalMs } = readApplierSettings(env);
  const statements = readStatements(dir);
  const topics = readTopics(env);
  requireTopics(statements, topics);
  const ksqldbSettings = readKsqldbSettings(env);

  const { kafka, settings } = await connectKafka(context);
  const sources = [topics.customers, topics.orders, topics.refills];
  await keepTopics(kafka, settings, [topics.serviceStatus, ...sources], context);
  await publishStatus(kafka, topics.serviceStatus.topic, context);

  const ksqldb = createKsqldbClient(ksqldbSettings, { timeoutMs: requestTimeoutMs });
  const countApplied = report.counter('statements_applied', 'Statements that ksqlDB has carried out');
  const applier = {
    ksqldb,
    statements,
    ensureSources: () => ensureTopics(kafka, settings, sources, context),
    onApplied: () => countApplied(),
    logger,
    signal,
  };
  let compared = false;
  async function attempt(): Promise<void> {
    await applyStatements(applier);
    if (!compared) await reportDifferences(ksqldb, statements, logger);
    compared = true;
  }
  const standing = keepDone('ksqlDB', attempt, context, {
    intervalMs,
    longestDelayMs: 1_000,
    refusedDelayMs: intervalMs,
  });
  // Closed before the keeper is waited for: it ends the request that may be under way.
  context.onClose(() => ksqldb.close());
  await standing;
}
