import type { OutgoingMessage, ReceivedMessage } from '@shop/common';

/** Messages of one input partition, in offset order, to be handled in one transaction. */
interface PartitionBatch {
  partition: number;
  messages: ReceivedMessage[];
  /** Whether the partition has more messages after these. */
  moreBehind: boolean;
  /** Aborts when handling must stop. */
  signal: AbortSignal;
}

export interface TopicWrites {
  topic: string;
  messages: OutgoingMessage[];
}

/** What a batch results in: written in the transaction that also moves past the batch. */
export interface BatchResult {
  writes: TopicWrites[];
  /** Called after the transaction is committed, to update counters. */
  committed?: () => void;
}

/** Keep the batch and handle it again: nothing is written, and the offset stays where it is. */
export const retryBatch = 'retry';

/** Handles one input partition for as long as it is assigned. Each assignment gets a new handler, which remembers nothing. */
export interface PartitionHandler {
  /** Takes messages before the committed offset, read back after the assignment. They must not be handled again. */
  remember?(messages: ReceivedMessage[]): void;
  handle(batch: PartitionBatch): Promise<BatchResult | typeof retryBatch>;
}

export type CreatePartitionHandler = (partition: number) => PartitionHandler;
