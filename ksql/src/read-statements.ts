import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { SettingError } from '@shop/common';
import { SplitError, type StatementText, splitStatements } from './split-statements.ts';

/** A statement that makes a stream or a table. */
export interface Statement {
  /** Its place, for messages: `ksql/statements/01-customers.ksql`. */
  file: string;
  line: number;
  kind: 'STREAM' | 'TABLE';
  /** As ksqlDB lists it: in capitals, unless it was quoted. */
  name: string;
  /** Without a semicolon. */
  text: string;
  /** The topic that it reads; absent for one that is filled by a query (AS SELECT). */
  sourceTopic?: string;
  /** The topic that its query writes, where the statement names it. */
  sinkTopic?: string;
  /** The properties that SET has set before it, in the same file. */
  properties: Record<string, string>;
}

/** How messages name a statement. */
export const describeStatement = ({ file, line, kind, name }: Statement) => `${file}, line ${line}, ${kind} ${name}`;

const creation =
  /^CREATE\s+(?:SOURCE\s+)?(STREAM|TABLE)\s+IF\s+NOT\s+EXISTS\s+([A-Z_]\w*|`(?:``|[^`])+`|"(?:""|[^"])+")/i;
const assignment = /^SET\s+'([^']+)'\s*=\s*'([^']*)'$/i;
const topic = /\bKAFKA_TOPIC\s*=\s*'((?:''|[^'])+)'/i;

/**
 * Reads the statements of all *.ksql files of a folder, in the order of the files' names.
 *
 * @throws SettingError naming file and line of a statement that cannot be applied repeatedly
 */
export function readStatements(dir: string): Statement[] {
  const folder = `ksql/${path.basename(dir)}`;
  const files = readdirSync(dir)
    .filter((name) => name.endsWith('.ksql'))
    .sort();
  const statements = files.flatMap((name) =>
    readScript(readFileSync(path.join(dir, name), 'utf8').replace(/^\uFEFF/, ''), `${folder}/${name}`),
  );
  if (statements.length === 0)
    throw new SettingError({ file: folder, key: '*.ksql', expected: 'files with statements' });
  refuseTwins(statements);
  return statements;
}

/** @param file as it is named in messages */
export function readScript(script: string, file: string): Statement[] {
  let properties: Record<string, string> = { 'auto.offset.reset': 'earliest' };
  const statements: Statement[] = [];
  for (const piece of split(script, file)) {
    const [, property, value] = assignment.exec(piece.text) ?? [];
    if (property !== undefined && value !== undefined) properties = { ...properties, [property]: value };
    else statements.push(readCreation(piece, file, properties));
  }
  return statements;
}

function split(script: string, file: string): StatementText[] {
  try {
    return splitStatements(script);
  } catch (error) {
    if (!(error instanceof SplitError)) throw error;
    throw new SettingError({ file, key: `line ${error.line}`, found: `(${error.message})`, expected: 'statements' });
  }
}

function readCreation({ text, line }: StatementText, file: string, properties: Record<string, string>): Statement {
  const [, kind, name] = creation.exec(text) ?? [];
  if (kind === undefined || name === undefined)
    throw new SettingError({
      file,
      key: `line ${line}`,
      found: text.slice(0, 60).replaceAll(/\s+/g, ' '),
      expected: "CREATE STREAM or TABLE IF NOT EXISTS, or SET 'property' = 'value': files are applied repeatedly",
    });
  const [, literal] = topic.exec(text) ?? [];
  const isQuery = /\bAS\s+SELECT\b/i.test(text);
  return {
    file,
    line,
    kind: kind.toUpperCase() === 'STREAM' ? 'STREAM' : 'TABLE',
    name: toListedName(name),
    text,
    ...(literal !== undefined && { [isQuery ? 'sinkTopic' : 'sourceTopic']: literal.replaceAll("''", "'") }),
    properties,
  };
}

function toListedName(name: string): string {
  const quote = /^["`]/.exec(name)?.[0];
  return quote ? name.slice(1, -1).replaceAll(quote + quote, quote) : name.toUpperCase();
}

function refuseTwins(statements: Statement[]): void {
  const seen = new Map<string, Statement>();
  for (const statement of statements) {
    const twin = seen.get(statement.name);
    if (twin)
      throw new SettingError({
        file: statement.file,
        key: `line ${statement.line}`,
        found: `${statement.name} again`,
        expected: `a name that ${twin.file}, line ${twin.line} does not give already`,
      });
    seen.set(statement.name, statement);
  }
}
