import { limitTime } from '../service/limit-time.ts';
import type { KsqldbSettings } from '../settings/ksqldb-settings.ts';
import { createKsqldbClient, type StatementAnswer } from './client.ts';
import type { Question } from './read-question.ts';
import type { QueryRows } from './rows.ts';

/** Most rows of an answer. */
const mostRows = 1_000;
/** How long a query may run, ms. */
const queryMs = 30_000;

/** Why no more rows follow: there are none, or the answer reached its limit of rows or time. */
export type AnswerEnd = 'complete' | 'rows' | 'time';

/** The rows of a SELECT, or the answer to a SHOW, DESCRIBE or EXPLAIN. */
export type KsqldbAnswer = { columns: string[]; rows: unknown[][]; ended: AnswerEnd } | { answer: StatementAnswer[] };

/**
 * Asks ksqlDB a question by its own connection. Closing the connection closes the query at ksqlDB, also when the signal aborts.
 *
 * @param limitMs tests set less
 * @throws KsqldbError
 */
export function askKsqldb(
  settings: KsqldbSettings,
  { sql, isSelect }: Question,
  signal: AbortSignal,
  limitMs = queryMs,
): Promise<KsqldbAnswer> {
  return limitTime(limitMs, signal, async (limit) => {
    const ksqldb = createKsqldbClient(settings, { timeoutMs: limitMs });
    limit.addEventListener('abort', () => ksqldb.close(), { once: true });
    try {
      if (!isSelect) return { answer: await ksqldb.execute(sql) };
      return await takeRows(await ksqldb.query(sql), () => limit.aborted && !signal.aborted);
    } finally {
      ksqldb.close();
    }
  });
}

async function takeRows({ columnNames, rows }: QueryRows, isLate: () => boolean): Promise<KsqldbAnswer> {
  const taken: unknown[][] = [];
  try {
    for await (const row of rows) {
      if (taken.length === mostRows) return { columns: columnNames, rows: taken, ended: 'rows' };
      taken.push(row);
    }
  } catch (error) {
    if (!isLate()) throw error;
    return { columns: columnNames, rows: taken, ended: 'time' };
  }
  return { columns: columnNames, rows: taken, ended: 'complete' };
}
