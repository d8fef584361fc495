import type { Catalogue } from '../catalogue/catalogue.ts';
import type { Command } from '../commands/command.ts';
import { createRunningQuery, type QueryDefinition, type RunningQuery } from '../engine/running-query.ts';
import type { InternalNames } from '../kafka/names.ts';
import type { OnUnreadable } from '../operators/read-source.ts';
import type { Statement } from '../parser/ast.ts';
import { parseStatements } from '../parser/parse.ts';
import { keeperDefinition, planCreate, queryDefinition } from './create-query.ts';
import { describeSource } from './create-source.ts';

/** The queries that a command started and stopped. */
export interface Applied {
  readonly started: RunningQuery | null;
  readonly stopped: readonly RunningQuery[];
}

export interface ApplyContext {
  readonly catalogue: Catalogue;
  readonly names: InternalNames;
  readonly onUnreadable: OnUnreadable;
}

/** Applies a command to the catalogue: when it is executed and again at every start. */
export function applyCommand(command: Command, context: ApplyContext): Applied {
  const [parsed] = parseStatements(command.text);
  const statement = parsed?.statement;
  switch (statement?.kind) {
    case 'createSource':
      return applySource(statement, command, context);
    case 'createAsSelect':
      return applyQuery(statement, command, context);
    case 'dropSource': {
      const source = context.catalogue.find(statement.name);
      context.catalogue.sources.delete(statement.name);
      return { started: null, stopped: remove(context.catalogue, source?.queryId == null ? [] : [source.queryId]) };
    }
    case 'terminate':
      return {
        started: null,
        stopped: remove(
          context.catalogue,
          statement.queryId === null ? [...context.catalogue.queries.keys()] : [statement.queryId],
        ),
      };
    case 'pause':
    case 'resume': {
      const state = statement.kind === 'pause' ? 'PAUSED' : 'RUNNING';
      for (const { id, running } of context.catalogue.queries.values()) {
        if (statement.queryId === null || statement.queryId === id) running.state = state;
      }
      return { started: null, stopped: [] };
    }
    default:
      throw new Error(`unexpected statement in the command topic: ${command.text}`);
  }
}

function remove({ queries }: Catalogue, ids: readonly string[]): RunningQuery[] {
  return ids.flatMap((id) => {
    const query = queries.get(id);
    queries.delete(id);
    return query === undefined ? [] : [query.running];
  });
}

function applySource(
  statement: Extract<Statement, { kind: 'createSource' }>,
  command: Command,
  context: ApplyContext,
): Applied {
  const { catalogue, names } = context;
  const source = describeSource(statement, command.partitions ?? 1, command.queryId);
  catalogue.sources.set(source.name, source);
  if (command.queryId === null) return { started: null, stopped: [] };
  const running = createRunningQuery(
    keeperDefinition(source, command.queryId, names),
    command.starts,
    context.onUnreadable,
  );
  catalogue.queries.set(command.queryId, {
    id: command.queryId,
    statementText: source.statementText,
    sinkName: source.name,
    sinkTopic: null,
    sourceNames: [source.name],
    running,
  });
  return { started: running, stopped: [] };
}

function applyQuery(
  statement: Extract<Statement, { kind: 'createAsSelect' }>,
  command: Command,
  context: ApplyContext,
): Applied {
  const { catalogue, names } = context;
  const planned = planCreate(statement, catalogue.find, command.partitions ?? undefined);
  const id = command.queryId ?? '';
  const definition: QueryDefinition = queryDefinition(planned, id, names);
  const old = catalogue.queries.get(id)?.running;
  const running = createRunningQuery(definition, old?.positions() ?? command.starts, context.onUnreadable);
  if (old !== undefined) running.inherit(old.stores);
  catalogue.sources.set(statement.name, {
    name: statement.name,
    kind: planned.plan.kind,
    schema: planned.plan.schema,
    topic: planned.topic,
    partitions: planned.partitions,
    keyFormat: planned.keyFormat,
    valueFormat: planned.valueFormat,
    readOnly: false,
    queryId: id,
    statementText: planned.text,
  });
  catalogue.queries.set(id, {
    id,
    statementText: planned.text,
    sinkName: statement.name,
    sinkTopic: planned.topic,
    sourceNames: planned.analysis.sources.map(({ source }) => source.name),
    running,
  });
  return { started: running, stopped: old === undefined ? [] : [old] };
}
