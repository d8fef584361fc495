import type { CaptureState } from './checks.ts';
import { type Ends, toEndsMark } from './ends-mark.ts';

export interface TopicQueryPlan {
  readEnds(topic: string): Promise<Ends>;
  /** Whether the connector has read a change that its topic must contain. */
  hasRead(name: string): Promise<boolean>;
}

/**
 * Reads the state of the topic that a connector writes. A connector whose topic is deleted goes on with the recreated one, and
 * does not send the earlier messages again.
 */
export function createTopicQuery({ readEnds, hasRead }: TopicQueryPlan) {
  return async (name: string, topic: string): Promise<CaptureState> => {
    let ends = await readEnds(topic);
    // The connector commits an offset after the topic has the message, so the ends are read again after this question.
    if (isEmpty(ends) && (await hasRead(name))) {
      ends = await readEnds(topic);
      if (isEmpty(ends)) return { mark: toEndsMark(ends), right: false };
    }
    return { mark: toEndsMark(ends), right: true };
  };
}

const isEmpty = (ends: Ends) => [...ends.values()].every((end) => end === 0);
