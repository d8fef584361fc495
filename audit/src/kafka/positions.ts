/** What Kafka says of topics: the first offset that is there, and the one after the last, of every partition. */
export type TopicEnds = ReadonlyMap<string, readonly { partition: number; low: string; high: string }[]>;

/** Records that nobody can read any more. */
export interface LostRecords {
  topic: string;
  partition: number;
  reason: 'deleted_unread' | 'topic_made_anew';
  /** How many offsets, at the most. */
  offsets: number;
}

/** Where reading stands, by topic and partition. */
export function createPositions() {
  const topics = new Map<string, { next: Map<number, number>; starts: Map<number, number> }>();
  /** Partitions that ended before the position, when they were met last. */
  const beyond = new Map<string, number>();

  function open(topic: string) {
    const known = topics.get(topic) ?? { next: new Map<number, number>(), starts: new Map<number, number>() };
    topics.set(topic, known);
    return known;
  }

  return {
    /**
     * Compares with what is there: takes up new partitions, and tells what was lost in known ones. While Kafka is asked,
     * reading goes on past the end that it tells; so a partition must end before the same position twice.
     */
    meet(ends: TopicEnds): LostRecords[] {
      const lost: LostRecords[] = [];
      for (const [topic, partitions] of ends) {
        const { next, starts } = open(topic);
        for (const { partition, low, high } of partitions) {
          const at = next.get(partition);
          if (at === undefined) {
            next.set(partition, Number(low));
            starts.set(partition, Number(low));
            continue;
          }
          const id = `${topic}/${partition}`;
          const isBeyond = at > Number(high);
          const wasBeyond = beyond.get(id) === at;
          if (isBeyond) beyond.set(id, at);
          else beyond.delete(id);
          if (isBeyond && wasBeyond) {
            beyond.delete(id);
            lost.push({ topic, partition, reason: 'topic_made_anew', offsets: at });
            next.set(partition, Number(low));
          } else if (at < Number(low)) {
            lost.push({ topic, partition, reason: 'deleted_unread', offsets: Number(low) - at });
            next.set(partition, Number(low));
          }
        }
      }
      return lost;
    },
    /**
     * Looks at a batch before it is read: one that begins before the position, in a partition that ends before it, is of a
     * topic made anew, which Kafka has been asked for from its beginning; one that was asked for behind the position follows
     * records that were deleted in the meantime.
     *
     * @param fetched the offset that Kafka was asked for
     * @param end the offset after the last message that the partition had when the batch was fetched
     */
    meetBatch(
      topic: string,
      partition: number,
      { fetched, first, end }: { fetched: number; first: number; end: number },
    ): LostRecords | undefined {
      const { next } = open(topic);
      const at = next.get(partition) ?? 0;
      if (next.has(partition) && fetched > at) {
        next.set(partition, fetched);
        return { topic, partition, reason: 'deleted_unread', offsets: fetched - at };
      }
      if (first >= at || at <= end) return undefined;
      beyond.delete(`${topic}/${partition}`);
      next.set(partition, first);
      return { topic, partition, reason: 'topic_made_anew', offsets: at };
    },
    next: (topic: string, partition: number): number => topics.get(topic)?.next.get(partition) ?? 0,
    moveTo(topic: string, partition: number, next: number): void {
      const known = open(topic).next;
      known.set(partition, Math.max(next, known.get(partition) ?? 0));
    },
    reached: (ends: TopicEnds): boolean =>
      [...ends].every(([topic, partitions]) =>
        partitions.every(({ partition, high }) => (topics.get(topic)?.next.get(partition) ?? 0) >= Number(high)),
      ),
    starts: (topic: string): ReadonlyMap<number, number> => topics.get(topic)?.starts ?? new Map(),
  };
}
