import type { Catalogue } from './catalogue.ts';
import { describeStatement, type Statement } from './read-statements.ts';

/** A statement that changes what ksqlDB holds, with what is needed to find out its outcome later. */
export interface Command {
  /** Names it in messages. */
  where: string;
  /** Ends with a semicolon. */
  text: string;
  properties: Record<string, string>;
  /** The id that ksqlDB gives it, which `/status` takes. */
  commandId: string;
  /** Whether the catalogue shows its effect. */
  isDone(catalogue: Catalogue): boolean;
}

export const createCommand = (statement: Statement): Command => ({
  where: describeStatement(statement),
  text: `${statement.text};`,
  properties: statement.properties,
  commandId: commandId(statement, 'create'),
  isDone: ({ sources }) => sources.has(statement.name),
});

/** The topic stays: the statement that is sent next writes to it. */
export const dropCommand = (statement: Statement): Command => ({
  where: `${describeStatement(statement)}, DROP`,
  text: `DROP ${statement.kind} IF EXISTS \`${statement.name.replaceAll('`', '``')}\`;`,
  properties: {},
  commandId: commandId(statement, 'drop'),
  isDone: ({ sources }) => !sources.has(statement.name),
});

const commandId = ({ kind, name }: Statement, action: string) => `${kind.toLowerCase()}/\`${name}\`/${action}`;
