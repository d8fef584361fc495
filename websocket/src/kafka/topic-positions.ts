import type { Admin } from 'kafkajs';

/** Offsets that cannot be had any more: Kafka deleted them, or the topic was made anew, while nobody read. */
export interface LostOffsets {
  topic: string;
  partition: number;
  reason: 'deleted_by_kafka' | 'topic_recreated';
  from_offset: number;
  to_offset: number;
}

interface Position {
  /** The next offset to read. */
  next: number;
  /** Offsets below this were there before this process started. */
  liveFrom: number;
}

/** How many of the messages that are there already to read back, per partition. */
export type Backlog = (topic: string) => number;

/**
 * Where reading stands, in the memory of this process: it starts at the end of the topics that exist (less a backlog)
 * and at the beginning of those that appear later.
 */
export function createTopicPositions(backlog: Backlog = () => 0) {
  const positions = new Map<string, Map<number, Position>>();
  let started = false;

  /** Compares the positions with what Kafka has: adds what is new, and mends what cannot be read any more. */
  async function refresh(admin: Admin, topics: string[]): Promise<LostOffsets[]> {
    const found = await Promise.all(
      topics.map(async (topic) => ({ topic, offsets: await admin.fetchTopicOffsets(topic) })),
    );
    const lost: LostOffsets[] = [];
    for (const { topic, offsets } of found) {
      const partitions = positions.get(topic) ?? new Map<number, Position>();
      positions.set(topic, partitions);
      for (const { partition, low, high } of offsets) {
        const known = partitions.get(partition);
        if (!known) partitions.set(partition, firstPosition(topic, Number(low), Number(high)));
        else if (known.next < Number(low)) {
          lost.push({
            topic,
            partition,
            reason: 'deleted_by_kafka',
            from_offset: known.next,
            to_offset: Number(low) - 1,
          });
          known.next = Number(low);
        } else if (known.next > Number(high)) {
          lost.push({ topic, partition, reason: 'topic_recreated', from_offset: 0, to_offset: Number(low) - 1 });
          partitions.set(partition, { next: Number(low), liveFrom: 0 });
        }
      }
    }
    started = true;
    return lost;
  }

  function firstPosition(topic: string, low: number, high: number): Position {
    return started ? { next: low, liveFrom: 0 } : { next: Math.max(low, high - backlog(topic)), liveFrom: high };
  }

  return {
    refresh,
    next: (topic: string, partition: number) => positions.get(topic)?.get(partition)?.next,
    isPast: (topic: string, partition: number, offset: number) =>
      offset < (positions.get(topic)?.get(partition)?.liveFrom ?? 0),
    /** To be told before a batch is handled: offsets that go back mean that the topic was made anew. */
    noteBatch(topic: string, partition: number, firstOffset: number): LostOffsets | undefined {
      const position = positions.get(topic)?.get(partition);
      if (!position || firstOffset >= position.next) return undefined;
      position.liveFrom = 0;
      return { topic, partition, reason: 'topic_recreated', from_offset: 0, to_offset: firstOffset - 1 };
    },
    moveTo(topic: string, partition: number, next: number) {
      const partitions = positions.get(topic) ?? new Map<number, Position>();
      positions.set(topic, partitions);
      partitions.set(partition, { liveFrom: partitions.get(partition)?.liveFrom ?? 0, next });
    },
  };
}

export type TopicPositions = ReturnType<typeof createTopicPositions>;
