import type { Message } from 'kafkajs';
import type { Positions } from './running-query.ts';

/** The positions topic's record for one query. */
export interface PositionRecord {
  /** The id of the transaction, so that the server can find out whether it was committed. */
  readonly transaction: string;
  readonly positions: Positions;
}

export const positionMessage = (queryId: string, transaction: string, positions: Positions): Message => ({
  key: queryId,
  value: JSON.stringify({ transaction, positions } satisfies PositionRecord),
  partition: 0,
});
