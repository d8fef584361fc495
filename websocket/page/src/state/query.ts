import { computed, signal } from '@preact/signals';
import type { QueryAnswer } from '../../../src/messages/query.ts';
import { exampleQueries } from '../text/example-queries.ts';
import { postJson } from './post-json.ts';

/** The text of the query. */
export const querySql = signal(exampleQueries[0]?.sql ?? '');
export const queryAnswer = signal<QueryAnswer | null>(null);
/** Why there is no answer, in ksqlDB's words where it gave one. */
export const queryError = signal<string | null>(null);
/** Ends the query that runs; `null` while none runs. */
const running = signal<AbortController | null>(null);

export const isQueryRunning = computed(() => running.value !== null);

/** Asks ksqlDB. Stops the query before. */
export async function runQuery(): Promise<void> {
  stopQuery();
  const own = new AbortController();
  running.value = own;
  queryAnswer.value = null;
  queryError.value = null;
  const posted = { sql: querySql.value };
  const { answer, failure } = await postJson<QueryAnswer>('/query', posted, 'The server did not answer.', own.signal);
  if (running.value !== own) return;
  running.value = null;
  queryAnswer.value = answer;
  queryError.value = failure;
}

/** Closes the query that runs. The server notices that the page has left, and closes it at ksqlDB, too. */
export function stopQuery(): void {
  running.value?.abort();
  running.value = null;
}
