import {
  connectKafka,
  ensureTopics,
  keepDone,
  keepTopics,
  obeyCommands,
  publishStatus,
  readTopics,
  type ServiceContext,
} from '@shop/common';
import { createConnectClient } from './connect-client.ts';
import { deriveTopics, requireCustomersTopic } from './connector-topics.ts';
import { readConnectors } from './read-connectors.ts';
import { createRepair } from './repair/repair-connector.ts';
import { openRepairNotes } from './repair/repair-notes.ts';
import { createDeletionReport } from './repair/report-deletions.ts';
import { createSnapshotWatch } from './repair/snapshot-watch.ts';
import { readRegistrarSettings } from './settings.ts';
import { createCaptureDatabase, createLazyPool, readWritten } from './source/capture-query.ts';
import { createEndsQuery } from './source/ends-query.ts';
import { createSourceWatch } from './source/source-watch.ts';
import { createTopicQuery } from './source/topic-query.ts';
import { createSupervisor, type Supervisor } from './supervise.ts';

/**
 * Registers the connectors that a folder describes and keeps them running. Returns when all run.
 *
 * @throws SettingError
 */
export async function startRegistrar(context: ServiceContext, dir: string): Promise<void> {
  const { env, report, logger, signal } = context;
  const {
    CONNECT_URL: url,
    CONNECTOR_CHECK_INTERVAL_MS: intervalMs,
    CUSTOMERS_TABLE_TOPIC: tableTopic,
  } = readRegistrarSettings(env);
  const topics = readTopics(env);
  const definitions = readConnectors(dir);
  requireCustomersTopic(definitions, topics);

  const { kafka, settings } = await connectKafka(context);
  const written = definitions.flatMap((definition) => deriveTopics(definition, topics.customers));
  const { serviceStatus, commands, commandResults, repairs } = topics;
  await keepTopics(kafka, settings, [serviceStatus, commands, commandResults, repairs, ...written], context);
  await publishStatus(kafka, serviceStatus.topic, context);
  obeyCommands({ kafka, settings, topics }, context);

  const connect = createConnectClient(url, signal);
  const pool = createLazyPool(context);
  const reportDeletions = createDeletionReport(
    { kafka, settings, pool, topic: topics.customers.topic, tableTopic },
    context,
  );
  const admin = kafka.admin({ retry: { retries: 2 } });
  context.onClose(() => admin.disconnect());
  const readEnds = createEndsQuery(admin, settings);
  const queryTopic = createTopicQuery({
    readEnds,
    readWritten: async () => readWritten(await pool()),
    readProgress: connect.readProgress,
  });
  const notes = await openRepairNotes(kafka, settings, repairs.topic, context);
  const source = createSourceWatch({
    database: createCaptureDatabase(pool),
    readTopic: async (definition) => {
      const { topic } = topics.customers;
      const isWritten = deriveTopics(definition, topics.customers).some((written) => written.topic === topic);
      return isWritten ? queryTopic(definition.name, topic) : undefined;
    },
    marks: notes.marks,
    hasOffsets: connect.hasOffsets,
  });
  const snapshots = createSnapshotWatch({ kafka, readEnds, marks: notes.snapshots }, context);
  const repair = createRepair({ connect, notes, reportDeletions, source, snapshots }, context);
  const supervisor = createSupervisor({
    connect,
    repair,
    findLoss: source.check,
    ensureTopics: (definition) => ensureTopics(kafka, settings, deriveTopics(definition, topics.customers), context),
    onUpdate: report.counter('connector_updates', 'Connectors changed to what their file says'),
    onRestart: report.counter('connector_restarts', 'Restarts of failed connectors and tasks'),
    onRecreation: report.counter('connector_recreations', 'Connectors created again after they were deleted'),
    logger,
  });
  reportStates(context, supervisor);
  // Reading the files each time applies changed parameters without a restart.
  await keepDone('Connect', () => superviseAll(dir, supervisor), context, {
    intervalMs,
    longestDelayMs: Math.min(intervalMs, 500),
    refusedDelayMs: intervalMs,
  });
}

/** Supervises every connector, also when one of them fails; throws the first error at the end. */
async function superviseAll(dir: string, supervisor: Supervisor): Promise<void> {
  const outcomes = await Promise.allSettled(readConnectors(dir).map((definition) => supervisor.supervise(definition)));
  const failed = outcomes.find((outcome) => outcome.status === 'rejected');
  if (failed) throw failed.reason;
}

function reportStates({ report }: ServiceContext, { statuses }: Supervisor): void {
  const count = (choose: (state: string) => boolean) => () =>
    [...statuses.values()].flatMap(({ connector, tasks }) => [connector, ...tasks]).filter(({ state }) => choose(state))
      .length;
  report.gauge(
    'connector_parts_running',
    'Connectors and tasks that run',
    count((state) => state === 'RUNNING'),
  );
  report.gauge(
    'connector_parts_failed',
    'Connectors and tasks that failed',
    count((state) => state === 'FAILED'),
  );
}
