import { setTimeout as delay } from 'node:timers/promises';
import { waitUntilDone } from '@shop/common';
import { offsetsOf } from '../kafka/topics.ts';
import type { ServerState } from '../statements/server-state.ts';
import type { RunningQuery } from './running-query.ts';

/**
 * Without any progress for so long, what is left before the end is taken for gaps that no reader sees, ms. As long as Kafka keeps
 * the longest transaction open: what was written before its end can be read only after it.
 */
const patienceMs = 60_000;

/** Waits until every query has read what its topics, or those of them that are wanted, held when this was called. */
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
      logger.warn({ missing }, 'no more records arrive, although the topics are not read to their end; continuing');
      return;
    }
    await delay(20, undefined, { signal });
  }
}
