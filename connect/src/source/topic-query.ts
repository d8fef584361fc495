import type { CaptureState } from './checks.ts';
import { type Ends, toEndsMark } from './ends-mark.ts';

export interface TopicQueryPlan {
  readEnds(topic: string): Promise<Ends>;
  /** Whether the connector has read something that its topic must hold. */
  hasRead(name: string): Promise<boolean>;
}

/**
 * The state of the topic that a connector writes. A connector whose topic is deleted continues with another one, and does not
 * repeat what the first one held.
 */
export function createTopicQuery({ readEnds, hasRead }: TopicQueryPlan) {
  return async (name: string, topic: string): Promise<CaptureState> => {
    let ends = await readEnds(topic);
    // What the connector notes as read is in the topic by then: the ends are read after that.
    if (isEmpty(ends) && (await hasRead(name))) {
      ends = await readEnds(topic);
      if (isEmpty(ends)) return { mark: toEndsMark(ends), right: false };
    }
    return { mark: toEndsMark(ends), right: true };
  };
}

const isEmpty = (ends: Ends) => [...ends.values()].every((end) => end === 0);
