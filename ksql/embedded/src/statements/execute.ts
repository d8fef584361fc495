import { createCatalogue } from '../catalogue/catalogue.ts';
import type { CommandStatus } from '../commands/command.ts';
import { KsqlError, notSupported, withStatement } from '../errors.ts';
import { topicConfig } from '../kafka/names.ts';
import { createTopic, partitionCount } from '../kafka/topics.ts';
import type { ParsedStatement, Properties, Statement } from '../parser/ast.ts';
import { applyCommand } from './apply.ts';
import { insertValues } from './insert-values.ts';
import { type Change, type Changing, commandOf, prepare, type View, type Warning } from './prepare.ts';
import type { ServerState, StreamsProperties } from './server-state.ts';
import { offsetReset, startPositions } from './starts.ts';

/** One element of the answer to /ksql. */
export type Entity = Readonly<Record<string, unknown>>;

const changingKinds = new Set(['createSource', 'createAsSelect', 'dropSource', 'terminate', 'pause', 'resume']);
const isChanging = (statement: Statement): statement is Changing => changingKinds.has(statement.kind);

/** A copy of the catalogue and topics, to which the earlier statements of the request are applied. */
function createRehearsal(state: ServerState) {
  const catalogue = createCatalogue();
  for (const [name, source] of state.catalogue.sources) catalogue.sources.set(name, source);
  for (const [id, query] of state.catalogue.queries) catalogue.queries.set(id, query);
  const topics = new Map<string, number>();
  let sequence = state.log.next();
  const view: View = {
    catalogue,
    partitionsOf: async (topic) => topics.get(topic) ?? (await partitionCount(state.admin, topic)),
  };

  return {
    async play({ statement, text }: ParsedStatement): Promise<void> {
      if (!isChanging(statement)) return;
      const change = await prepare(statement, text, view);
      if ('warning' in change) return;
      for (const { topic, partitions } of change.newTopics) topics.set(topic, partitions);
      // Skip PAUSE and RESUME: they would change the real queries, and later statements do not depend on them.
      if (change.nothing || statement.kind === 'pause' || statement.kind === 'resume') return;
      const command = commandOf(change, text, sequence++, nameOf(statement), {});
      applyCommand(command, { catalogue, names: state.session.names, onUnreadable: () => undefined });
    },
  };
}

const nameOf = (statement: Changing): string => ('name' in statement ? statement.name : '');

/** Checks all statements in order. If one is invalid, none is executed. */
export async function rehearse(
  state: ServerState,
  statements: readonly ParsedStatement[],
  properties: StreamsProperties,
): Promise<void> {
  offsetReset(properties);
  const rehearsal = createRehearsal(state);
  for (const parsed of statements) await explained(parsed, () => rehearsal.play(parsed));
}

/** Adds the statement to errors without one. */
export async function explained<T>({ text }: ParsedStatement, run: () => Promise<T>): Promise<T> {
  try {
    return await run();
  } catch (error) {
    throw withStatement(error, text);
  }
}

export async function execute(
  state: ServerState,
  parsed: ParsedStatement,
  properties: StreamsProperties,
): Promise<Entity | null> {
  const { statement, text } = parsed;
  if (statement.kind === 'insertValues') {
    await insertValues(state, statement);
    return null;
  }
  if (statement.kind === 'unsupported') throw notSupported(statement.what);
  if (!isChanging(statement)) throw notSupported(`this statement: ${text.replace(/;$/, '')}`);
  const change = await prepare(statement, text, {
    catalogue: state.catalogue,
    partitionsOf: (topic) => partitionCount(state.admin, topic),
  });
  if ('warning' in change) return warningEntity(text, change);
  if (change.newTopics.length > 0 && 'properties' in statement) await requireBrokers(state.admin, statement.properties);
  const sequence = state.log.next();
  const status = await carryOut(state, { statement, text }, change, sequence, properties);
  state.statuses.set(change.commandId, status);
  return {
    '@type': 'currentStatus',
    statementText: change.statementText,
    commandId: change.commandId,
    commandStatus: status,
    commandSequenceNumber: sequence,
    warnings: [],
  };
}

/** @throws KsqlError if Kafka has fewer brokers than the topic's replicas */
async function requireBrokers(admin: ServerState['admin'], properties: Properties): Promise<void> {
  const replicas = Number(properties.get('REPLICAS') ?? 1);
  if (replicas <= 1) return;
  const { brokers } = await admin.describeCluster();
  if (replicas > brokers.length)
    throw new KsqlError(
      `Failed to guarantee existence of topic: REPLICAS=${replicas}, and Kafka has ${brokers.length} broker(s).`,
      { status: 500, code: 50000 },
    );
}

const warningEntity = (text: string, { warning }: Warning): Entity => ({
  '@type': 'warning_entity',
  statementText: text,
  message: warning,
  warnings: [],
});

async function carryOut(
  state: ServerState,
  { statement, text }: { statement: Changing; text: string },
  change: Change,
  sequence: number,
  properties: StreamsProperties,
): Promise<CommandStatus> {
  const { session, admin, engine, log, catalogue } = state;
  for (const { topic, partitions, config } of change.newTopics) await createTopic(session, topic, partitions, config);
  const starts = await startPositions(admin, change.inputs, properties);
  const command = commandOf(change, text, sequence, nameOf(statement), starts);
  if (change.nothing) return { status: 'SUCCESS', message: change.message(null), queryId: null };
  const replaced = change.replaces === null ? undefined : catalogue.queries.get(change.replaces.queryId)?.running;
  if (replaced !== undefined) await engine.halt(replaced);
  await log.append(command);
  const { started, stopped } = applyCommand(command, {
    catalogue,
    names: session.names,
    onUnreadable: unreadableLogger(state),
  });
  engine.nudge();
  for (const query of stopped) if (query !== replaced) await engine.halt(query);
  if (started !== null) {
    if (replaced === undefined)
      await createTopic(
        session,
        started.definition.changelog,
        started.definition.plan.partitions,
        topicConfig.changelog,
      );
    await engine.run(started);
  }
  await deleteTopics(state, [
    ...stopped.filter((query) => query !== replaced).map(({ definition }) => definition.changelog),
    ...(change.deletesTopic === null ? [] : [change.deletesTopic]),
  ]);
  return { status: 'SUCCESS', message: command.message, queryId: command.queryId };
}

async function deleteTopics({ admin, logger }: ServerState, topics: readonly string[]): Promise<void> {
  for (const topic of topics) {
    try {
      await admin.deleteTopics({ topics: [topic] });
    } catch (err) {
      logger.warn({ err, topic }, 'could not delete the topic');
    }
  }
}

/** Logs skipped records with their count: the first of each source, then every thousandth. */
export function unreadableLogger({
  logger,
}: Pick<ServerState, 'logger'>): (record: { partition: number; offset: string }, source: string, err: Error) => void {
  const seen = new Map<string, number>();
  return ({ partition, offset }, source, err) => {
    const count = (seen.get(source) ?? 0) + 1;
    seen.set(source, count);
    if (count === 1 || count % 1000 === 0)
      logger.warn(
        { source, partition, offset, reason: err.message, count },
        'record does not fit the columns, skipping it',
      );
  };
}
