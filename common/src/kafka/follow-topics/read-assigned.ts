import type { Batch, Consumer } from 'kafkajs';
import type { TopicGap, TopicPositions } from './topic-positions.ts';
import { type TopicRecord, toTopicRecord } from './topic-record.ts';

export interface RecordHandlers {
  /** Called once for each committed record, in the order of its partition. `isPast`: it was there before reading started. */
  onRecord(record: TopicRecord, isPast: boolean): void;
  /** Called when records were deleted before they were read, or a topic was recreated. */
  onGap(gap: TopicGap): void;
  /** Called with the number of partitions of a topic before it is read, and when partitions are added. */
  onPartitions?(topic: string, count: number): void;
}

/** Starts the only member of a group. It reads from the positions, and moves them. */
export async function readAssigned(
  consumer: Consumer,
  topics: string[],
  positions: TopicPositions,
  { onRecord, onGap, onPartitions }: RecordHandlers,
): Promise<void> {
  function deliver(batch: Batch): void {
    const { topic, partition, messages, highWatermark } = batch;
    const [first] = messages;
    const found = first && {
      fetched: fetchedOffsetOf(batch),
      first: Number(first.offset),
      end: Number(highWatermark),
    };
    const gap = found && positions.checkBatch(topic, partition, found);
    if (gap) onGap(gap);
    const next = positions.next(topic, partition);
    for (const message of messages) {
      const offset = Number(message.offset);
      if (offset < next) continue;
      onRecord(toTopicRecord(topic, partition, message), positions.isPast(topic, partition, offset));
      positions.moveTo(topic, partition, offset + 1);
    }
    // Skips transaction markers too.
    positions.moveTo(topic, partition, Number(batch.lastOffset()) + 1);
  }

  await consumer.subscribe({ topics, fromBeginning: true });
  // The event comes after each join and before the first fetch, so no message is read from another position.
  consumer.on(consumer.events.GROUP_JOIN, ({ payload: { memberAssignment } }) => {
    for (const [topic, partitions] of Object.entries(memberAssignment)) {
      onPartitions?.(topic, partitions.length);
      for (const partition of partitions)
        consumer.seek({ topic, partition, offset: String(positions.next(topic, partition)) });
    }
  });
  // Includes batches of transaction markers only, which eachBatch does not receive.
  consumer.on(consumer.events.END_BATCH_PROCESS, ({ payload: { topic, partition, lastOffset } }) =>
    positions.moveTo(topic, partition, Number(lastOffset) + 1),
  );
  await consumer.run({
    autoCommit: false,
    eachBatchAutoResolve: false,
    eachBatch: async ({ batch, resolveOffset, heartbeat, isStale }) => {
      if (isStale()) return;
      deliver(batch);
      resolveOffset(batch.lastOffset());
      await heartbeat();
    },
  });
}

/** The offset at which the fetch began. kafkajs's types do not have it. */
const fetchedOffsetOf = (batch: Batch) => Number((batch as Batch & { fetchedOffset: string }).fetchedOffset);
