import type { CaptureState } from './checks.ts';
import { type Ends, toEndsMark } from './ends-mark.ts';

export interface TopicQueryPlan {
  readEnds(topic: string): Promise<Ends>;
  /** @returns where Postgres' WAL ends, when the table has rows */
  readWritten(): Promise<bigint | undefined>;
  /** @returns up to where in the WAL the connector has committed its offset */
  readProgress(name: string): Promise<bigint | undefined>;
}

/**
 * Reads the state of the topic that a connector writes. A connector whose topic is deleted continues with the recreated
 * one, and does not send the earlier messages again.
 */
export function createTopicQuery({ readEnds, readWritten, readProgress }: TopicQueryPlan) {
  /** For connectors whose topic is empty: a position in the WAL behind rows that the topic will contain. */
  const awaited = new Map<string, bigint>();

  /** Whether the connector has sent rows that an empty topic does not contain. */
  async function hasSent(name: string): Promise<boolean> {
    // The connector may be about to send rows that were just inserted, so the position stays until the connector has passed it.
    const position = awaited.get(name) ?? (await readWritten());
    if (position === undefined) return false;
    awaited.set(name, position);
    return ((await readProgress(name)) ?? -1n) >= position;
  }

  return async (name: string, topic: string): Promise<CaptureState> => {
    let ends = await readEnds(topic);
    // The connector commits an offset after the topic has the message, so the ends are read again after this question.
    if (isEmpty(ends) && (await hasSent(name))) {
      ends = await readEnds(topic);
      if (isEmpty(ends)) return { mark: toEndsMark(ends), right: false };
    }
    if (!isEmpty(ends)) awaited.delete(name);
    return { mark: toEndsMark(ends), right: true };
  };
}

const isEmpty = (ends: Ends) => [...ends.values()].every((end) => end === 0);
