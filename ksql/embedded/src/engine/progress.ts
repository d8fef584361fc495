import { describeError, hasKafkaType } from '@shop/common';
import type { Admin } from 'kafkajs';
import { type Committer, CommitUnclear } from '../kafka/committer.ts';
import type { KafkaSession } from '../kafka/session.ts';
import { positionMessage } from './position-message.ts';
import type { RunningQuery } from './running-query.ts';

/** Tells Kafka's tools how far each query has read, as ksqlDB's consumer groups do. Nothing here is read back. */
export interface Progress {
  /** Interval between two reports, ms. */
  readonly everyMs: number;
  /** The query has read on. */
  note(query: RunningQuery): void;
  /** Writes a separate transaction, so call it only while no transaction is open. */
  showIfDue(): Promise<void>;
  /** Removes the lag of a query that was dropped. */
  forget(query: RunningQuery): Promise<void>;
}

const intervalMs = 2_000;

export function createProgress({ names, context }: KafkaSession, admin: Admin, committer: Committer): Progress {
  const unshown = new Set<RunningQuery>();
  let shownAt = 0;
  let isAllowed = true;

  async function show(queries: readonly RunningQuery[]): Promise<void> {
    try {
      // With the positions as they are, so that there is something to send.
      const messages = queries.map((query) => positionMessage(query.id, 'progress', query.positions()));
      await committer.commit([{ topic: names.positions, messages }], queries.map(offsetsOf));
    } catch (error) {
      if (!(error instanceof CommitUnclear)) throw error;
      for (const query of queries) unshown.add(query);
      if (hasKafkaType(error, 'GROUP_AUTHORIZATION_FAILED')) {
        isAllowed = false;
        context.logger.warn(
          { reason: describeError(error) },
          'the lag of queries is not shown: no access to their groups',
        );
      }
      await committer.reopen();
    }
  }

  const offsetsOf = (query: RunningQuery) => ({
    consumerGroupId: names.queryGroup(query.id),
    topics: Object.entries(query.positions()).map(([topic, partitions]) => ({
      topic,
      partitions: Object.entries(partitions).map(([partition, offset]) => ({
        partition: Number(partition),
        offset: String(offset),
      })),
    })),
  });

  return {
    everyMs: intervalMs,
    note: (query) => void unshown.add(query),
    async showIfDue() {
      if (!isAllowed || unshown.size === 0 || Date.now() - shownAt < intervalMs) return;
      shownAt = Date.now();
      const queries = [...unshown].filter(({ positions }) => Object.keys(positions()).length > 0);
      unshown.clear();
      if (queries.length > 0) await show(queries);
    },
    async forget(query) {
      unshown.delete(query);
      try {
        await admin.deleteGroups([names.queryGroup(query.id)]);
      } catch (error) {
        // It had shown nothing yet, or Kafka forgets the group by itself, only later.
        context.logger.debug(
          { query: query.id, reason: describeError(error) },
          'could not delete the consumer group; Kafka deletes it later',
        );
      }
    },
  };
}
