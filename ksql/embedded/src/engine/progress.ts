import { describeError, hasKafkaType } from '@shop/common';
import type { Admin } from 'kafkajs';
import { type Committer, CommitUnclear } from '../kafka/committer.ts';
import type { KafkaSession } from '../kafka/session.ts';
import { positionMessage } from './position-message.ts';
import type { RunningQuery } from './running-query.ts';

/** Commits each query's offsets to a consumer group, as ksqlDB does, so that Kafka's tools show its lag. Write-only. */
export interface Progress {
  /** Interval between two reports, ms. */
  readonly everyMs: number;
  /** Marks the query's offsets as changed. */
  note(query: RunningQuery): void;
  /** Writes a separate transaction, so call it only while no transaction is open. */
  showIfDue(): Promise<void>;
  /** Deletes the consumer group of a dropped query. */
  forget(query: RunningQuery): Promise<void>;
}

const intervalMs = 2_000;

export function createProgress({ names, context }: KafkaSession, admin: Admin, committer: Committer): Progress {
  const unshown = new Set<RunningQuery>();
  let shownAt = 0;
  let isAllowed = true;

  async function show(queries: readonly RunningQuery[]): Promise<void> {
    try {
      // A transaction needs a message (see committer.ts), so write the positions again.
      const messages = queries.map((query) => positionMessage(query.id, 'progress', query.positions()));
      await committer.commit([{ topic: names.positions, messages }], queries.map(offsetsOf));
    } catch (error) {
      if (!(error instanceof CommitUnclear)) throw error;
      for (const query of queries) unshown.add(query);
      if (hasKafkaType(error, 'GROUP_AUTHORIZATION_FAILED')) {
        isAllowed = false;
        context.logger.warn(
          { reason: describeError(error) },
          "cannot commit the queries' offsets: no access to their consumer groups",
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
        // The group does not exist yet, or Kafka deletes it later.
        context.logger.debug(
          { query: query.id, reason: describeError(error) },
          'could not delete the consumer group; Kafka deletes it later',
        );
      }
    },
  };
}
