import assert from 'node:assert/strict';
import { test } from 'node:test';
import { partitionOf } from '../../src/kafka/partition-of.ts';

/** Keys and their hashes, from the tests of Kafka's Java client (UtilsTest.testMurmur2). */
const javaHashes = {
  '21': -973932308,
  foobar: -790332482,
  'a-little-bit-long-string': -985981536,
  'a-little-bit-longer-string': -1486304829,
  lkjh234lh9fiuh90y23oiuhsafujhadof229phr9h19h89h8: -58897971,
  abc: 479470107,
};

for (const partitions of [1, 2, 6, 7, 50])
  test(`finds the partition of ${partitions} that the Java client chooses`, () => {
    for (const [key, hash] of Object.entries(javaHashes)) {
      const expected = (hash & 0x7fffffff) % partitions;
      assert.equal(partitionOf(key, partitions), expected, key);
      assert.equal(partitionOf(Buffer.from(key), partitions), expected, `bytes of ${key}`);
    }
  });
