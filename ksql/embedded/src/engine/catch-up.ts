import { setTimeout as delay } from 'node:timers/promises';
import { waitUntilDone } from '@shop/common';
import { offsetsOf } from '../kafka/topics.ts';
import type { ServerState } from '../statements/server-state.ts';
import type { RunningQuery } from './running-query.ts';

/**
 * Time without progress, ms, after which the remaining offsets count as gaps: transaction markers and aborted records.
 * It equals the longest transaction time-out, because a read-committed reader waits for open transactions.
 */
const patienceMs = 60_000;

/** Waits until every query has read its topics (only those that are `wanted`) up to the current end. */
export async function waitUntilCaughtUp(
  { admin, session }: Pick<ServerState, 'admin' | 'session'>,
  queries: readonly RunningQuery[],
  wanted: (query: RunningQuery, topic: string) => boolean = () => true,
): Promise<void> {
  const { signal, logger } = session.context;
  const behind: { query: RunningQuery; topic: string; partition: number; high: number }[] = [];
  for (const query of queries) {
    for (const topic of query.topics.filter((each) => wanted(query, each))) {
      const readOffsets = () => offsetsOf(admin, topic);
      for (const { partition, high, low } of await waitUntilDone('Kafka', readOffsets, session.context))
        if (high > low) behind.push({ query, topic, partition, high });
    }
  }
  let [best, since] = [Number.POSITIVE_INFINITY, Date.now()];
  for (;;) {
    const missing = behind.reduce(
      (sum, { query, topic, partition, high }) =>
        sum + (query.state === 'RUNNING' ? Math.max(0, high - query.position(topic, partition)) : 0),
      0,
    );
    if (missing === 0) return;
    if (missing < best) [best, since] = [missing, Date.now()];
    if (Date.now() - since > patienceMs) {
      logger.warn({ missing }, 'no more records before the end of the topics, continuing');
      return;
    }
    await delay(20, undefined, { signal });
  }
}
