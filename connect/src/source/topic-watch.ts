import type { Loss } from './source-watch.ts';

export interface TopicWatchPlan {
  /** The offset after the last message, by partition. */
  readEnds(topic: string): Promise<ReadonlyMap<number, number>>;
  /** Whether the connector has read something that its topic must hold. */
  hasRead(name: string): Promise<boolean>;
}

export interface TopicWatch {
  /** @returns that the topic was deleted since the last look, if it was */
  check(name: string, topic: string): Promise<Loss | undefined>;
}

/**
 * Watches the topic that a connector writes. Whoever deletes it takes away what consumers to come would have learned from
 * it; the connector itself would go on behind that without a word.
 */
export function createTopicWatch({ readEnds, hasRead: hasReadAny }: TopicWatchPlan): TopicWatch {
  const known = new Map<string, ReadonlyMap<number, number>>();
  return {
    async check(name, topic) {
      const before = known.get(topic);
      // Asked first: what is noted as read is in the topic by then.
      const hasRead = before === undefined && (await hasReadAny(name));
      const ends = await readEnds(topic);
      known.set(topic, ends);
      const isLost = before
        ? [...before].some(([partition, end]) => (ends.get(partition) ?? 0) < end)
        : hasRead && [...ends.values()].every((end) => end === 0);
      return isLost ? { check: 'topic', reason: `the topic ${topic} was deleted, with all that it held` } : undefined;
    },
  };
}
