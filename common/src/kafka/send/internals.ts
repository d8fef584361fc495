import type { CompressionTypes, Message, PartitionMetadata, RecordMetadata } from 'kafkajs';

// The parts of kafkajs 2.2.4 that `createSendMessages` is given and calls. They are not in its published types.

/** Coordinates and connections of a cluster: kafkajs `src/cluster/index.js`. */
export interface Cluster {
  isConnected(): boolean;
  connect(): Promise<void>;
  addMultipleTargetTopics(topics: string[]): Promise<void>;
  refreshMetadata(): Promise<void>;
  refreshMetadataIfNecessary(): Promise<void>;
  removeBroker(address: { host: string; port: number }): void;
  findTopicPartitionMetadata(topic: string): PartitionMetadata[];
  /** Node ids with their partitions; a partition that the metadata does not know is missing. */
  findLeaderForPartitions(topic: string, partitions: number[]): Record<string, number[]>;
  findBroker(node: { nodeId: string }): Promise<Broker>;
}

/** kafkajs `src/broker/index.js`. */
export interface Broker {
  /** Resolves with nothing for `acks: 0`; an error of a partition rejects, with all answers as `partitionAnswers`. */
  produce(request: ProduceRequest): Promise<{ topics: TopicAnswers[] } | undefined>;
}

interface ProduceRequest extends SendOptions {
  transactionalId: string | undefined;
  producerId: unknown;
  producerEpoch: number;
  topicData: { topic: string; partitions: { partition: number; messages: Message[]; firstSequence: number }[] }[];
}

export interface SendOptions {
  acks: number;
  timeout: number | undefined;
  compression: CompressionTypes | undefined;
}

/** What the broker answered for the partitions of one topic. */
export interface TopicAnswers {
  topicName: string;
  partitions: PartitionAnswer[];
}

export type PartitionAnswer = Omit<RecordMetadata, 'topicName'>;

/** Identity and transaction of a producer: kafkajs `src/producer/eosManager/index.js`. */
export interface EosManager {
  isInitialized(): boolean;
  isTransactional(): boolean;
  getProducerId(): unknown;
  getProducerEpoch(): number;
  getTransactionalId(): string;
  addPartitionsToTransaction(topicData: { topic: string; partitions: { partition: number }[] }[]): Promise<void>;
  commit(): Promise<void>;
  abort(): Promise<void>;
  sendOffsets(offsets: unknown): Promise<void>;
}

export interface Logger {
  error(message: string, extra?: object): void;
}

export type Partitioner = (args: { topic: string; partitionMetadata: PartitionMetadata[]; message: Message }) => number;

/** Calls `attempt` until it resolves, calls `bail`, throws what cannot be retried, or has used up its retries. */
export type Retrier = <T>(
  attempt: (bail: (error: Error) => void, retryCount: number, retryTime: number) => Promise<T>,
) => Promise<T>;

/** What an error of kafkajs may carry. */
export interface KafkajsError extends Error {
  type?: string;
  retriable?: boolean;
  host?: string;
  port?: number;
  partitionAnswers?: TopicAnswers[];
}
