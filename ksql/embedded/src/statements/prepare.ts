import type { Catalogue } from '../catalogue/catalogue.ts';
import type { Command } from '../commands/command.ts';
import { KsqlError } from '../errors.ts';
import type { CreateAsSelect, CreateSource, DropSource, SourceKind, Statement } from '../parser/ast.ts';
import { quoteName } from '../parser/format-expression.ts';
import { formatCreateSource } from '../parser/format-statement.ts';
import { planCreate, prefixed } from './create-query.ts';
import { describeSource, sourceText } from './create-source.ts';
import { checkReplaceable, type Replacement } from './replace.ts';
import { normaliseProperties, readProperties } from './with-properties.ts';

interface NewTopic {
  readonly topic: string;
  readonly partitions: number;
  readonly config: Record<string, string>;
}

/** The effects of a statement. */
export interface Change {
  /** `table/`X`/create`. */
  readonly commandId: string;
  readonly statementText: string;
  readonly message: (queryId: string | null) => string;
  readonly newTopics: readonly NewTopic[];
  /** The topics a new query reads. */
  readonly inputs: readonly { readonly topic: string; readonly kind: SourceKind }[];
  readonly partitions: number | null;
  /** The prefix of the new query's id, such as CTAS; null without a new query. */
  readonly queryPrefix: string | null;
  /** The replaced query, whose id is kept. */
  readonly replaces: Replacement | null;
  readonly stops: readonly string[];
  readonly deletesTopic: string | null;
  /** DROP … IF EXISTS of a missing source: answered like a drop, but not stored. */
  readonly nothing: boolean;
}

/** The answer to IF NOT EXISTS when the source exists. */
export interface Warning {
  readonly warning: string;
}

/** The state that a statement is checked against: the current one, or the one after the earlier statements. */
export interface View {
  readonly catalogue: Catalogue;
  readonly partitionsOf: (topic: string) => Promise<number | undefined>;
}

type Control = Extract<Statement, { kind: 'terminate' | 'pause' | 'resume' }>;
export type Changing = CreateSource | CreateAsSelect | DropSource | Control;

export function prepare(statement: Changing, text: string, view: View): Promise<Change | Warning> | Change | Warning {
  switch (statement.kind) {
    case 'createSource':
      return prepareSource(statement, text, view);
    case 'createAsSelect':
      return prepareQuery(statement, view);
    case 'dropSource':
      return prepareDrop(statement, text, view);
    case 'terminate':
    case 'pause':
    case 'resume':
      return prepareControl(statement, text, view);
  }
}

const noChanges = {
  newTopics: [],
  inputs: [],
  partitions: null,
  queryPrefix: null,
  replaces: null,
  stops: [],
  deletesTopic: null,
  nothing: false,
} as const;

function existing(statement: CreateSource | CreateAsSelect, { catalogue }: View): Warning | undefined {
  const known = catalogue.find(statement.name);
  if (known === undefined || statement.orReplace) return undefined;
  const what = `Cannot add ${statement.of.toLowerCase()}`;
  const why = `A ${known.kind.toLowerCase()} with the same name already exists`;
  if (statement.ifNotExists) return { warning: `${what} \`${statement.name}\`: ${why}.` };
  throw new KsqlError(`${what} '${statement.name}': ${why}`);
}

async function prepareSource(statement: CreateSource, text: string, view: View): Promise<Change | Warning> {
  // ksqlDB applies defaults first, so its errors show the statement with them.
  const properties = readRequired(statement);
  const shown = sourceText(statement);
  const draft = withText(shown, () => describeSource(statement, properties.partitions ?? 1, null));
  const warning = withText(shown, () => existing(statement, view));
  if (warning !== undefined) return warning;
  const known = await view.partitionsOf(draft.topic);
  if (known === undefined && properties.partitions === undefined) throw noTopic(statement, draft.topic);
  if (known !== undefined && properties.partitions !== undefined && known !== properties.partitions) {
    throw otherPartitions(draft.topic, properties.partitions, known, text);
  }
  const old = view.catalogue.find(statement.name);
  if (old !== undefined) withText(shown, () => checkReplaceable(old, draft));
  const partitions = known ?? properties.partitions ?? 1;
  const { of } = statement;
  return {
    ...noChanges,
    commandId: `${of.toLowerCase()}/\`${statement.name}\`/create`,
    statementText: shown,
    message: (queryId) =>
      queryId === null ? `${of === 'STREAM' ? 'Stream' : 'Table'} created` : `Created query with ID ${queryId}`,
    newTopics: known === undefined ? [{ topic: draft.topic, partitions, config: topicConfig(of) }] : [],
    inputs: statement.readOnly && of === 'TABLE' ? [{ topic: draft.topic, kind: of }] : [],
    partitions,
    queryPrefix: statement.readOnly && of === 'TABLE' ? 'CST' : null,
  };
}

/** Reads the WITH clause. Errors show only the default of KEY_FORMAT. */
function readRequired(statement: CreateSource): ReturnType<typeof readProperties> {
  const shown = formatCreateSource(statement, normaliseProperties(statement.properties, { KEY_FORMAT: 'KAFKA' }));
  return withText(shown, () => readProperties(statement.properties));
}

function withText<T>(statementText: string, run: () => T): T {
  try {
    return run();
  } catch (error) {
    if (!(error instanceof KsqlError) || error.statementText !== undefined) throw error;
    const plain = error.message.startsWith('Statement is missing') || error.message.startsWith('The embedded ksqlDB');
    throw plain
      ? error
      : new KsqlError(error.message, { status: error.status, code: error.code, statementText, cause: error });
  }
}

function noTopic(statement: CreateSource, topic: string): KsqlError {
  const example = formatCreateSource(
    statement,
    normaliseProperties(statement.properties, { KEY_FORMAT: 'KAFKA', PARTITIONS: 2 }),
  );
  return new KsqlError(
    `Topic '${topic}' does not exist. If you want to create a new topic for the stream/table please re-run the statement providing the required 'PARTITIONS' configuration in the WITH clause (and optionally 'REPLICAS'). For example: ${example}`,
    { code: 40000, statementText: null },
  );
}

function otherPartitions(topic: string, wanted: number, found: number, text: string): KsqlError {
  return new KsqlError(
    `A Kafka topic with the name '${topic}' already exists, with different partition/replica/retention configuration than required. KSQL expects ${wanted} partitions (topic has ${found}), 1 replication factor (topic has 1), and 604800000 retention (topic has 604800000).`,
    { status: 500, code: 50000, statementText: text },
  );
}

const topicConfig = (of: SourceKind): Record<string, string> => ({
  'cleanup.policy': of === 'TABLE' ? 'compact' : 'delete',
});

async function prepareQuery(statement: CreateAsSelect, view: View): Promise<Change | Warning> {
  const { of, name } = statement;
  const topic = readProperties(statement.properties).topic ?? name;
  const known = await view.partitionsOf(topic);
  const planned = planCreate(statement, view.catalogue.find, known);
  const warning = prefixed(planned.text, () => existing(statement, view));
  if (warning !== undefined) return warning;
  if (known !== undefined && known !== planned.partitions)
    throw otherPartitions(topic, planned.partitions, known, planned.text);
  const old = view.catalogue.find(name);
  const replaces = old === undefined ? null : checkReplaceable(old, planned, view.catalogue.writerOf(name));
  return {
    ...noChanges,
    commandId: `${of.toLowerCase()}/\`${name}\`/create`,
    statementText: planned.text,
    message: (queryId) => `Created query with ID ${queryId}`,
    newTopics: known === undefined ? [{ topic, partitions: planned.partitions, config: topicConfig(of) }] : [],
    inputs: planned.analysis.sources.map(({ source }) => ({ topic: source.topic, kind: source.kind })),
    partitions: planned.partitions,
    queryPrefix: of === 'TABLE' ? 'CTAS' : 'CSAS',
    replaces,
  };
}

function prepareDrop({ of, name, ifExists, deleteTopic }: DropSource, text: string, { catalogue }: View): Change {
  const kind = of.toLowerCase();
  const source = catalogue.find(name);
  const commandId = `${kind}/${name}/drop`;
  if (source === undefined) {
    if (!ifExists) throw new KsqlError(`${of === 'STREAM' ? 'Stream' : 'Table'} ${name} does not exist.`);
    return {
      ...noChanges,
      commandId,
      statementText: text,
      nothing: true,
      message: () => `Source \`${name}\` does not exist.`,
    };
  }
  if (source.kind !== of)
    throw new KsqlError(
      `Incompatible data source type is ${source.kind.toLowerCase()}, but statement was DROP ${kind}`,
    );
  if (deleteTopic && source.readOnly)
    throw new KsqlError(`Cannot delete topic for read-only source: ${name}`, { code: 40000, statementText: null });
  const readers = catalogue
    .readersOf(name)
    .map(({ sinkName }) => sinkName)
    .filter((sink) => sink !== null);
  if (readers.length > 0) {
    throw new KsqlError(
      `Cannot drop ${name}.\nThe following streams and/or tables read from this source: [${readers.join(', ')}].\nYou need to drop them before dropping ${name}.`,
    );
  }
  return {
    ...noChanges,
    commandId,
    statementText: deleteTopic ? `DROP ${of} ${ifExists ? 'IF EXISTS ' : ''}${quoteName(name)};` : text,
    message: () => `Source \`${name}\` (topic: ${source.topic}) was dropped.`,
    stops: source.queryId === null ? [] : [source.queryId],
    deletesTopic: deleteTopic ? source.topic : null,
  };
}

function prepareControl({ kind, queryId }: Control, text: string, { catalogue }: View): Change {
  if (queryId !== null && !catalogue.queries.has(queryId)) throw new KsqlError(`Unknown queryId: ${queryId}`);
  return {
    ...noChanges,
    commandId: `${kind}/${queryId ?? 'ALL'}/execute`,
    statementText: text,
    message: () => `Query ${kind}d.`,
    stops: kind !== 'terminate' ? [] : queryId === null ? [...catalogue.queries.keys()] : [queryId],
  };
}

/** Builds the command of a change with its sequence number. */
export function commandOf(
  change: Change,
  text: string,
  sequence: number,
  name: string,
  starts: Command['starts'],
): Command {
  const own = change.queryPrefix === null ? null : `${change.queryPrefix}_${name.toUpperCase()}_${sequence}`;
  const queryId = change.replaces?.queryId ?? own;
  const { commandId, partitions } = change;
  return { sequence, text, partitions, queryId, starts, commandId, message: change.message(queryId) };
}
