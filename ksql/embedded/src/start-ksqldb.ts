import {
  createKafka,
  createKafkaLog,
  ensureTopics,
  type KafkaSettings,
  type ServiceContext,
  toKafkaError,
  waitUntilDone,
} from '@shop/common';
import type { Admin } from 'kafkajs';
import { createCatalogue } from './catalogue/catalogue.ts';
import { openCommandLog } from './commands/command-log.ts';
import { waitUntilCaughtUp } from './engine/catch-up.ts';
import { createEngine } from './engine/engine.ts';
import type { PositionRecord } from './engine/position-message.ts';
import { type HttpOptions, type HttpServer, startHttpServer } from './http/server.ts';
import { openCommitter } from './kafka/committer.ts';
import { internalNames, topicConfig } from './kafka/names.ts';
import { readBack } from './kafka/read-back.ts';
import type { KafkaSession } from './kafka/session.ts';
import { createPreparedPulls } from './queries/prepared-pulls.ts';
import { applyCommand } from './statements/apply.ts';
import { unreadableLogger } from './statements/execute.ts';
import type { ServerState } from './statements/server-state.ts';

export interface KsqldbOptions {
  readonly kafka: KafkaSettings;
  readonly http: Omit<HttpOptions, 'logger' | 'serviceId'>;
  readonly serviceId: string;
}

/**
 * Starts the server. It listens at once, and answers "not ready" until it has replayed the stored statements, restored
 * their state and read all newer records.
 */
export async function startKsqldb(options: KsqldbOptions, context: ServiceContext): Promise<HttpServer> {
  const { logger, onClose } = context;
  const http = await startHttpServer({ ...options.http, serviceId: options.serviceId, logger });
  onClose(() => http.close());
  logger.info(
    { port: http.port, kafka: options.kafka.brokers.join(','), service_id: options.serviceId },
    'starting the embedded ksqlDB, a stand-in for ksqlDB',
  );
  const kafka = createKafka(options.kafka, {
    clientId: `ksqldb-embedded-${options.serviceId}`,
    logCreator: createKafkaLog(logger),
  });
  const session: KafkaSession = { kafka, settings: options.kafka, names: internalNames(options.serviceId), context };
  const admin = kafka.admin({ retry: { initialRetryTime: 100, maxRetryTime: 2_000, retries: 8 } });
  onClose(() => admin.disconnect());
  const clusterId = await waitUntilDone('Kafka', () => connect(admin, options.kafka), context);
  const state = await restore(session, admin, context);
  http.ready(state, clusterId);
  logger.info({ statements: state.log.commands.length, queries: state.catalogue.queries.size }, 'caught up');
  return http;
}

/** @returns the cluster's id */
async function connect(admin: Admin, settings: KafkaSettings): Promise<string> {
  try {
    await admin.connect();
    return (await admin.describeCluster()).clusterId;
  } catch (error) {
    throw toKafkaError(error, settings);
  }
}

async function restore(session: KafkaSession, admin: Admin, { onClose, logger }: ServiceContext): Promise<ServerState> {
  const { names, kafka, settings, context } = session;
  await ensureTopics(
    kafka,
    settings,
    [
      { topic: names.commands, partitions: 1, config: topicConfig.commands },
      { topic: names.positions, partitions: 1, config: topicConfig.positions },
    ],
    context,
  );
  const committer = await openCommitter(session);
  onClose(() => committer.close());
  const log = await openCommandLog(session, committer);
  onClose(() => log.close());
  const catalogue = createCatalogue();
  const engine = createEngine(session, admin, committer);
  const prepared = createPreparedPulls();
  const state: ServerState = { session, admin, catalogue, engine, log, logger, prepared, statuses: new Map() };
  for (const command of log.commands) {
    applyCommand(command, { catalogue, names, onUnreadable: unreadableLogger(state) });
    const { commandId, message, queryId } = command;
    state.statuses.set(commandId, { status: 'SUCCESS', message, queryId });
  }
  logger.info({ statements: log.commands.length }, 'executed the stored statements');
  await restoreQueries(state, committer);
  const rows = [...catalogue.queries.values()].reduce((sum, { running }) => sum + running.result.size, 0);
  logger.info({ queries: catalogue.queries.size, rows }, 'restored the tables; reading newer records');
  engine.start();
  onClose(() => engine.stop());
  const queries = [...catalogue.queries.values()].map(({ running }) => running);
  for (const query of queries) await engine.run(query);
  await waitUntilCaughtUp(state, queries);
  return state;
}

/** Restores the queries' positions and state from Kafka. */
async function restoreQueries(
  { session, catalogue }: ServerState,
  committer: Awaited<ReturnType<typeof openCommitter>>,
): Promise<void> {
  const queries = [...catalogue.queries.values()].map(({ running }) => running);
  if (queries.length === 0) return;
  const changelogs = new Map(queries.map((query) => [query.definition.changelog, query]));
  await ensureTopics(
    session.kafka,
    session.settings,
    queries.map(({ definition }) => ({
      topic: definition.changelog,
      partitions: definition.plan.partitions,
      config: topicConfig.changelog,
    })),
    session.context,
  );
  const topics = [
    { topic: session.names.positions, partitions: 1 },
    ...queries.map(({ definition }) => ({ topic: definition.changelog, partitions: definition.plan.partitions })),
  ];
  await readBack(session, committer, topics, (topic, partition, { key, value }) => {
    if (key === null) return;
    if (topic !== session.names.positions)
      return changelogs.get(topic)?.restore(partition, key.toString(), value?.toString() ?? null);
    if (value === null) return;
    const { positions } = JSON.parse(value.toString()) as PositionRecord;
    catalogue.queries.get(key.toString())?.running.restorePositions(positions);
  });
}
