import { type KafkaSettings, openSender, type ServiceContext, ShopError } from '@shop/common';
import type { Kafka } from 'kafkajs';
import type { Pool } from 'pg';
import { readLastId } from './read-last-id.ts';
import { readLiving } from './read-living.ts';
import { findUnseen } from './unseen-ids.ts';

export interface DeletionPlan {
  kafka: Kafka;
  settings: KafkaSettings;
  /** Of change events. */
  topic: string;
  /** Of ksqlDB's table of customers. */
  tableTopic: string;
  pool(): Promise<Pool>;
}

/** Customers per query and per batch. */
const atOnce = 10_000;

/**
 * Sends the deletions that a snapshot cannot show: of known customers whom Postgres no longer has, and of customers who came
 * and left while nothing was captured. Postgres never reuses an id, so these deletions are final.
 *
 * @returns how many
 */
export function createDeletionReport(
  { kafka, settings, topic, tableTopic, pool }: DeletionPlan,
  context: ServiceContext,
) {
  let opened: ReturnType<typeof openSender> | undefined;
  return async (): Promise<number> => {
    const last = await readLastId(await pool(), context);
    const { all, living } = await readLiving({ kafka, topic, tableTopic }, context);
    opened ??= openSender(settings, context);
    const sender = await opened;
    let deleted = 0;
    for (const ids of inBatches([living.ascending(), findUnseen(all.descending(), last)])) {
      const { gone, at } = await findGone(await pool(), ids);
      const messages = gone.map((id) => ({ key: String(id), value: JSON.stringify(toDeletion(id, at)) }));
      if (messages.length > 0 && !(await sender.send(topic, messages)))
        throw new ShopError('deletions_unsent', 'not all deletions could be sent', { canRetry: true });
      deleted += gone.length;
    }
    return deleted;
  };
}

function* inBatches(lists: Iterable<number>[]): Iterable<number[]> {
  let batch: number[] = [];
  for (const list of lists)
    for (const id of list) {
      if (batch.push(id) < atOnce) continue;
      yield batch;
      batch = [];
    }
  if (batch.length > 0) yield batch;
}

async function findGone(pool: Pool, ids: readonly number[]): Promise<{ gone: number[]; at: number }> {
  const { rows } = await pool.query<{ id: string; at: string }>(
    `SELECT asked.id, floor(extract(epoch FROM now()) * 1000)::text AS at
     FROM unnest($1::bigint[]) AS asked(id) LEFT JOIN customers USING (id)
     WHERE customers.id IS NULL`,
    [ids],
  );
  return { gone: rows.map(({ id }) => Number(id)), at: Number(rows[0]?.at ?? Date.now()) };
}

/** As Debezium writes it; `source` says who did. @param at on Postgres' clock, ms since 1970 */
const toDeletion = (id: number, at: number) => ({
  before: { id },
  after: null,
  source: { connector: 'registrar', ts_ms: at, snapshot: 'false', reason: 'gone while no change was captured' },
  op: 'd',
  ts_ms: at,
});
