import { customerChange, readJson, UnreadableMessage } from '@shop/common';
import { z } from 'zod';
import type { TopicRecord } from '../kafka/topic-record.ts';
import type { ShownChanges } from './change-progress.ts';

const sourced = customerChange.extend({
  source: z.looseObject({ ts_ms: z.number(), connector: z.string().optional() }),
});

export type TopicChanges = ReturnType<typeof createTopicChanges>;

/** Follows how far Debezium has come in its topic. What the changes say plays no part: they are under test. */
export function createTopicChanges(shown: Pick<ShownChanges, 'note'>) {
  let records = 0;
  let unreadable = 0;
  return {
    read({ partition, value }: Pick<TopicRecord, 'partition' | 'value'>): void {
      records += 1;
      if (value === null) return; // a tombstone: the deletion came before it
      try {
        const { op, source, ts_ms: handledAt } = readJson(value, sourced);
        // Rows of a snapshot, and deletions that the registrar reports, do not come in the order of commits.
        if (op !== 'r' && source.connector === 'postgresql')
          shown.note(partition, { handledAt, committedAt: source.ts_ms });
      } catch (error) {
        if (!(error instanceof UnreadableMessage)) throw error;
        unreadable += 1;
      }
    },
    /** Read so far. */
    get records(): number {
      return records;
    },
    figures: () => ({ records, unreadable }),
  };
}
