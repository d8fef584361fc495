import {
  connectKafka,
  ensureTopics,
  keepDone,
  keepTopics,
  publishStatus,
  readTopics,
  type ServiceContext,
} from '@shop/common';
import { createConnectClient } from './connect-client.ts';
import { deriveTopics, requireCustomersTopic } from './connector-topics.ts';
import { readConnectors } from './read-connectors.ts';
import { readRegistrarSettings } from './settings.ts';
import { createDeletionReport } from './slot/report-deletions.ts';
import { createLazyPool, createSlotQuery } from './slot/slot-query.ts';
import { createSlotWatch } from './slot/slot-watch.ts';
import { createSupervisor, type Supervisor } from './supervise.ts';

/**
 * Registers the connectors that a folder describes and keeps them running. Returns when all run.
 *
 * @throws SettingError
 */
export async function startRegistrar(context: ServiceContext, dir: string): Promise<void> {
  const { env, report, logger, signal } = context;
  const { CONNECT_URL: url, CONNECTOR_CHECK_INTERVAL_MS: intervalMs } = readRegistrarSettings(env);
  const topics = readTopics(env);
  const definitions = readConnectors(dir);
  requireCustomersTopic(definitions, topics);

  const { kafka, settings } = await connectKafka(context);
  const written = definitions.flatMap((definition) => deriveTopics(definition, topics.customers));
  await keepTopics(kafka, settings, [topics.serviceStatus, ...written], context);
  await publishStatus(kafka, topics.serviceStatus.topic, context);

  const connect = createConnectClient(url, signal);
  const pool = createLazyPool(context);
  const reportDeletions = createDeletionReport({ kafka, settings, pool, topic: topics.customers.topic }, context);
  const slots = createSlotWatch({ connect, hasSlot: createSlotQuery(pool), reportDeletions }, context);
  const supervisor = createSupervisor({
    connect,
    checkSource: slots.check,
    ensureTopics: (definition) => ensureTopics(kafka, settings, deriveTopics(definition, topics.customers), context),
    onUpdate: report.counter('connector_updates', 'Connectors changed to what their file says'),
    onRestart: report.counter('connector_restarts', 'Restarts of failed connectors and tasks'),
    onRecreation: report.counter('connector_recreations', 'Connectors created again after they were deleted'),
    logger,
  });
  reportStates(context, supervisor);
  // The files are read each time: a change of parameters is carried out without a restart.
  await keepDone('Connect', () => superviseAll(dir, supervisor), context, {
    intervalMs,
    longestDelayMs: Math.min(intervalMs, 1_000),
    refusedDelayMs: intervalMs,
  });
}

/** Looks after every connector, also when one of them is in trouble; throws the first trouble in the end. */
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
