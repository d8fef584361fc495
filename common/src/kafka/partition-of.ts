import { Partitioners } from 'kafkajs';

const choose = Partitioners.DefaultPartitioner();

/**
 * The partition in which Java clients and our producers put a record with this key.
 *
 * @param partitions number of partitions of the topic, 1 or more
 */
export function partitionOf(key: Buffer | string, partitions: number): number {
  // Of a record with a key, the partitioner needs only the number of partitions.
  return choose({ topic: '', partitionMetadata: new Array(partitions), message: { key, value: null } });
}
