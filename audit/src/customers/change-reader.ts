import { customerChange, readJson, type TopicRecord, UnreadableMessage } from '@shop/common';
import { z } from 'zod';
import type { ChangeProgress } from './change-progress.ts';

const capturedChange = customerChange.extend({
  source: z.looseObject({ ts_ms: z.number(), connector: z.string().optional() }),
});

export type ChangeReader = ReturnType<typeof createChangeReader>;

/** Follows how far Debezium is in its topic. The content of the changes plays no part, because it is under test. */
export function createChangeReader(progress: Pick<ChangeProgress, 'addChange'>) {
  let records = 0;
  return {
    read({ partition, value }: Pick<TopicRecord, 'partition' | 'value'>): void {
      records += 1;
      if (value === null) return; // a tombstone: the deletion came before it
      try {
        const { op, source, ts_ms: handledAt } = readJson(value, capturedChange);
        // Rows of a snapshot and deletions that the registrar reports do not arrive in the order of commits.
        if (op !== 'r' && source.connector === 'postgresql')
          progress.addChange(partition, { handledAt, committedAt: source.ts_ms });
      } catch (error) {
        if (!(error instanceof UnreadableMessage)) throw error;
      }
    },
    /** Number of records read so far. */
    get records(): number {
      return records;
    },
  };
}
