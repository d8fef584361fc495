import type { KafkaMessage, Message } from 'kafkajs';

/** Messages of one input partition, in offset order, to be handled in one transaction. */
export interface PartitionBatch {
  partition: number;
  messages: KafkaMessage[];
  /** Whether the partition holds more messages behind these. */
  moreBehind: boolean;
  /** Ends whatever the handling waits for. */
  signal: AbortSignal;
}

export interface TopicWrites {
  topic: string;
  messages: Message[];
}

/** What one batch comes to: written in the transaction that also moves past the batch. */
export interface BatchResult {
  writes: TopicWrites[];
  /** Called once the transaction is committed: the time to count. */
  committed?: () => void;
}

/** Stay where we are: the same messages are read again. */
export const hold = 'hold';

/** Handles one input partition for as long as it is assigned; made anew, and so without memory, for each assignment. */
export interface PartitionHandler {
  /** Messages before the committed offset, read back after the assignment; they are not to be handled again. */
  remember?(messages: KafkaMessage[]): void;
  handle(batch: PartitionBatch): Promise<BatchResult | typeof hold>;
}

export type CreatePartitionHandler = (partition: number) => PartitionHandler;
