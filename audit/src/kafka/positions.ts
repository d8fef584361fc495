/** The first offset and the end offset of each partition, as Kafka reports them. */
export type TopicEnds = ReadonlyMap<string, readonly { partition: number; low: string; high: string }[]>;

/** Records that can no longer be read. */
export interface LostRecords {
  topic: string;
  partition: number;
  reason: 'deleted_unread' | 'topic_recreated';
  /** Most offsets that are affected. */
  offsets: number;
}

/** The next offset to read, by topic and partition. */
export function createPositions() {
  const topics = new Map<string, { next: Map<number, number>; starts: Map<number, number> }>();
  /** Partitions that ended before the position at the last update. */
  const beyondEnd = new Map<string, number>();

  function open(topic: string) {
    const known = topics.get(topic) ?? { next: new Map<number, number>(), starts: new Map<number, number>() };
    topics.set(topic, known);
    return known;
  }

  return {
    /**
     * Adds new partitions and reports what was lost in known ones. While Kafka is asked, reading continues beyond the end that
     * it reports. So a topic counts as recreated only when a partition ends before the same position twice.
     */
    update(ends: TopicEnds): LostRecords[] {
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
          const wasBeyond = beyondEnd.get(id) === at;
          if (isBeyond) beyondEnd.set(id, at);
          else beyondEnd.delete(id);
          if (isBeyond && wasBeyond) {
            beyondEnd.delete(id);
            lost.push({ topic, partition, reason: 'topic_recreated', offsets: at });
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
     * Checks a batch before it is read. A batch that begins before the position, in a partition that ends before it, belongs to
     * a recreated topic, which kafkajs reads from its beginning. A batch that was fetched behind the position follows records
     * that were deleted meanwhile.
     *
     * @param fetched the offset at which the fetch began
     * @param end the end offset of the partition when the batch was fetched
     */
    checkBatch(
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
      beyondEnd.delete(`${topic}/${partition}`);
      next.set(partition, first);
      return { topic, partition, reason: 'topic_recreated', offsets: at };
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
