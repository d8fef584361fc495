import { createRequire } from 'node:module';
import { patchOnce } from './patch-once.ts';

// What kafkajs 2.2.4 has of a cluster's offsets, as far as it is used here.

interface AskedTopic {
  topic: string;
  partitions: { partition: number }[];
}

interface Cluster {
  fetchTopicsOffset(topics: AskedTopic[]): Promise<AskedTopic[]>;
}

const require = createRequire(import.meta.url);

/**
 * Makes a request for offsets fail when the answer lacks a partition. kafkajs leaves out partitions that its metadata does not know.
 * That happens for a moment when one answer with metadata overtakes another. Its callers then read properties of `undefined`, or
 * miss partitions. With this error, they refresh the metadata and ask again.
 */
export const patchOffsetAnswers = patchOnce(() => {
  const { KafkaJSProtocolError } = require('kafkajs/src/errors');
  const cluster: Cluster = require('kafkajs/src/cluster').prototype;
  const { fetchTopicsOffset } = cluster;
  cluster.fetchTopicsOffset = async function (topics) {
    const answers = await fetchTopicsOffset.call(this, topics);
    for (const { topic, partitions } of topics) {
      const answered = answers.find((answer) => answer.topic === topic)?.partitions ?? [];
      if (answered.length > 0 && answered.length >= partitions.length) continue;
      const message = `the metadata does not know all partitions of ${topic} yet`;
      throw new KafkaJSProtocolError({ type: 'UNKNOWN_TOPIC_OR_PARTITION', code: 3, retriable: true, message });
    }
    return answers;
  };
});
