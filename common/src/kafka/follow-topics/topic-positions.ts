/** The first offset and the end offset of each partition, as Kafka reports them. */
export type TopicEnds = ReadonlyMap<string, readonly { partition: number; low: string; high: string }[]>;

/** By topic and partition: where to start to read. */
export type StartOffsets = ReadonlyMap<string, ReadonlyMap<number, number>>;

/** Records that can no longer be read. */
export interface TopicGap {
  topic: string;
  partition: number;
  reason: 'deleted_unread' | 'topic_recreated';
  /** The offset that was to be read next; of a recreated topic, in the former one. */
  position: number;
  /** The offset at which reading continues. */
  continuesAt: number;
}

interface Position {
  /** The next offset to read. */
  next: number;
  /** The first offset when the partition was first seen. */
  first: number;
  /** Records below this offset were there before reading started. */
  liveFrom: number;
}

/** How far each partition is read. Notices records that were deleted, and topics that were recreated. */
export function createTopicPositions() {
  const topics = new Map<string, Map<number, Position>>();
  /** Partitions that ended before the position at the last update. */
  const beyondEnd = new Map<string, number>();

  function open(topic: string): Map<number, Position> {
    const known = topics.get(topic) ?? new Map<number, Position>();
    topics.set(topic, known);
    return known;
  }

  function recreate(topic: string, partition: number, position: Position, first: number): TopicGap {
    beyondEnd.delete(`${topic}/${partition}`);
    const former = position.next;
    position.next = first;
    position.liveFrom = 0;
    return { topic, partition, reason: 'topic_recreated', position: former, continuesAt: first };
  }

  function skip(topic: string, partition: number, position: Position, first: number): TopicGap {
    const former = position.next;
    position.next = first;
    return { topic, partition, reason: 'deleted_unread', position: former, continuesAt: first };
  }

  return {
    /**
     * Adds new partitions and returns what was lost in known ones. While Kafka is asked, reading continues beyond the end that
     * it reports. So a topic counts as recreated only when a partition ends before the same position twice.
     *
     * @param starts where to start in new partitions of topics that were there before; others are read from their beginning
     */
    update(ends: TopicEnds, starts: StartOffsets = new Map()): TopicGap[] {
      const gaps: TopicGap[] = [];
      for (const [topic, partitions] of ends) {
        const known = open(topic);
        for (const { partition, low, high } of partitions) {
          const [first, end] = [Number(low), Number(high)];
          const position = known.get(partition);
          if (!position) {
            const start = starts.get(topic)?.get(partition);
            const liveFrom = start === undefined ? 0 : end;
            known.set(partition, { next: Math.max(start ?? first, first), first, liveFrom });
            continue;
          }
          const id = `${topic}/${partition}`;
          const isBeyond = position.next > end;
          const wasBeyond = beyondEnd.get(id) === position.next;
          if (isBeyond) beyondEnd.set(id, position.next);
          else beyondEnd.delete(id);
          if (isBeyond && wasBeyond) gaps.push(recreate(topic, partition, position, first));
          else if (position.next < first) gaps.push(skip(topic, partition, position, first));
        }
      }
      return gaps;
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
    ): TopicGap | undefined {
      const position = topics.get(topic)?.get(partition);
      if (!position) return undefined;
      if (fetched > position.next) return skip(topic, partition, position, fetched);
      if (first >= position.next || position.next <= end) return undefined;
      return recreate(topic, partition, position, first);
    },
    /** The next offset to read. */
    next: (topic: string, partition: number): number => topics.get(topic)?.get(partition)?.next ?? 0,
    moveTo(topic: string, partition: number, next: number): void {
      const known = open(topic);
      const position = known.get(partition);
      if (position) position.next = Math.max(next, position.next);
      else known.set(partition, { next, first: 0, liveFrom: 0 });
    },
    /** Whether the record was there before reading started. */
    isPast: (topic: string, partition: number, offset: number): boolean =>
      offset < (topics.get(topic)?.get(partition)?.liveFrom ?? 0),
    reached: (ends: TopicEnds): boolean =>
      [...ends].every(([topic, partitions]) =>
        partitions.every(({ partition, high }) => (topics.get(topic)?.get(partition)?.next ?? 0) >= Number(high)),
      ),
    /** The first offset of each partition when it was first seen. */
    starts: (topic: string): ReadonlyMap<number, number> =>
      new Map([...(topics.get(topic) ?? [])].map(([partition, { first }]) => [partition, first])),
  };
}

export type TopicPositions = ReturnType<typeof createTopicPositions>;
