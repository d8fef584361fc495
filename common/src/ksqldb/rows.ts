import type { Readable } from 'node:stream';
import { KsqldbError } from './ksqldb-error.ts';

/** Most characters of an answer that is read row by row. */
const mostCharacters = 8 * 1_024 * 1_024;

/** An answer that is read row by row. Ending the iteration closes the query. */
export interface QueryRows {
  columnNames: string[];
  /** In the order of `columnNames`. */
  rows: AsyncGenerator<unknown[]>;
}

/** Reads an answer that has one JSON value a line: the header, then the rows. @throws KsqldbError */
export async function readRows(body: Readable): Promise<QueryRows> {
  const lines = readLines(body);
  const { value } = await lines.next();
  return { columnNames: readHeader(value), rows: mapRows(lines) };
}

async function* mapRows(lines: AsyncGenerator<unknown>): AsyncGenerator<unknown[]> {
  for await (const line of lines) yield readRow(line);
}

async function* readLines(body: Readable): AsyncGenerator<unknown> {
  let rest = '';
  let characters = 0;
  for await (const chunk of body.setEncoding('utf8')) {
    characters += chunk.length;
    if (characters > mostCharacters) throw new KsqldbError('ksqldb_answer', 'the answer is longer than 8 MiB');
    const lines = `${rest}${chunk}`.split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) if (line !== '') yield parseLine(line);
  }
  if (rest !== '') yield parseLine(rest);
}

function parseLine(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch (cause) {
    throw cutOff(cause);
  }
}

export const cutOff = (cause: unknown) =>
  new KsqldbError('ksqldb_answer', 'the answer was cut off or is no JSON', { cause, canRetry: true });

/** @returns the names of the columns @throws KsqldbError */
export function readHeader(header: unknown): string[] {
  const names = (header as { columnNames?: unknown } | null | undefined)?.columnNames;
  if (!Array.isArray(names)) throw new KsqldbError('ksqldb_answer', 'the answer has no header', { canRetry: true });
  return names;
}

/** A failure after the header comes as an object among the rows. @throws KsqldbError */
export function readRow(row: unknown): unknown[] {
  if (Array.isArray(row)) return row;
  const { message } = (row ?? {}) as { message?: unknown };
  throw new KsqldbError('ksqldb_answer', `the query broke off: ${String(message)}`, { canRetry: true });
}
