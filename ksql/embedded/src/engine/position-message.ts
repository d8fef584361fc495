import type { Message } from 'kafkajs';
import type { Positions } from './running-query.ts';

/** What the positions topic holds for each query. */
export interface PositionRecord {
  /** Counts this server's transactions, so that it can find out whether the last one was committed. */
  readonly transaction: string;
  readonly positions: Positions;
}

export const positionMessage = (queryId: string, transaction: string, positions: Positions): Message => ({
  key: queryId,
  value: JSON.stringify({ transaction, positions } satisfies PositionRecord),
  partition: 0,
});
