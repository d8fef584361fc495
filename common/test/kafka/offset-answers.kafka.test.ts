import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import { test } from 'node:test';
import { createTopics, nameTopics } from '@shop/test-support';

const require = createRequire(import.meta.url);
type FindLeaders = (topic: string, partitions: number[]) => Record<string, number[]>;

test('offsets are read again when the metadata lacks the topic, or a partition, for a moment', async (t) => {
  const { kafka, env } = nameTopics(t, 'TOPIC');
  const { TOPIC: topic = '' } = env;
  const admin = kafka.admin();
  await admin.connect();
  t.after(() => admin.disconnect());
  await createTopics(admin, [topic], 2);

  const cluster: { findLeaderForPartitions: FindLeaders } = require('kafkajs/src/cluster').prototype;
  const { findLeaderForPartitions } = cluster;
  let asked = 0;
  // The second question finds no partition, and the fourth one finds only the first.
  t.mock.method(
    cluster,
    'findLeaderForPartitions',
    function (this: typeof cluster, name: string, partitions: number[]) {
      asked += 1;
      const found = asked === 2 ? [] : asked === 4 ? partitions.slice(0, 1) : partitions;
      return findLeaderForPartitions.call(this, name, found);
    },
  );
  const offsets = await admin.fetchTopicOffsets(topic);
  assert.deepEqual(offsets.map(({ partition, high, low }) => [partition, high, low]).toSorted(), [
    [0, '0', '0'],
    [1, '0', '0'],
  ]);
  assert.ok(asked >= 6, `asked ${asked} times`);
});
