import type { Message, PartitionMetadata } from 'kafkajs';
import type { PartitionAnswer, Partitioner } from './internals.ts';

/** The messages of one `send` for one partition. They stay together, with one sequence number, through all attempts. */
export interface PartitionBatch {
  readonly topic: string;
  readonly partition: number;
  readonly messages: Message[];
  readonly firstSequence: number;
  /** What the broker answered once it had the batch; 'none' with `acks: 0`. */
  answer?: PartitionAnswer | 'none';
  /** Whether an attempt without an answer, or with an unclear one, may have written the batch. */
  mayBeWritten: boolean;
}

/**
 * Asks the partitioner once for each message. A second call in a retry could choose another partition, where the broker
 * does not recognize the message.
 */
export function splitByPartition(
  topic: string,
  messages: readonly Message[],
  partitionMetadata: PartitionMetadata[],
  partitioner: Partitioner,
): Map<number, Message[]> {
  const split = new Map<number, Message[]>();
  for (const message of messages) {
    // A partitioner may return the partition of the message as it is, and that may be text.
    const partition = Number(partitioner({ topic, partitionMetadata, message }));
    const known = split.get(partition);
    if (known) known.push(message);
    else split.set(partition, [message]);
  }
  return split;
}

/** The same batches by topic, as requests name them. */
export function groupByTopic(batches: readonly PartitionBatch[]): { topic: string; partitions: PartitionBatch[] }[] {
  const groups = new Map<string, PartitionBatch[]>();
  for (const batch of batches) groups.set(batch.topic, [...(groups.get(batch.topic) ?? []), batch]);
  return [...groups].map(([topic, partitions]) => ({ topic, partitions }));
}
