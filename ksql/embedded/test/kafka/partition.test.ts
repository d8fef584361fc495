import assert from 'node:assert/strict';
import { it } from 'node:test';
import fc from 'fast-check';
import { Partitioners } from 'kafkajs';
import { partitionOf } from '../../src/kafka/partition.ts';

it('chooses the partition that Kafka clients choose', () => {
  const choose = Partitioners.DefaultPartitioner();
  const metadata = (partitions: number) =>
    Array.from({ length: partitions }, (_, partitionId) => ({
      partitionId,
      leader: 1,
      replicas: [1],
      isr: [1],
      partitionErrorCode: 0,
    }));
  fc.assert(
    fc.property(fc.uint8Array(), fc.integer({ min: 1, max: 50 }), (bytes, partitions) => {
      const key = Buffer.from(bytes);
      assert.equal(
        partitionOf(key, partitions),
        choose({ topic: 't', partitionMetadata: metadata(partitions), message: { key, value: null } }),
      );
    }),
  );
});
