import { createKafka } from '@shop/common';
import { testKafkaSettings } from '@shop/test-support';
import { Partitioners, type Producer } from 'kafkajs';

// The ceiling of ship-orders: copies a topic exactly once, with one transaction per batch and no look-ups.
const [broker = '', groupId = '', from = '', to = ''] = process.argv.slice(2);
const kafka = createKafka(testKafkaSettings(broker));
const producers = new Map<number, Promise<Producer>>();

async function openProducer(partition: number): Promise<Producer> {
  const producer = kafka.producer({
    transactionalId: `${groupId}-${partition}`,
    maxInFlightRequests: 1,
    createPartitioner: Partitioners.DefaultPartitioner,
  });
  await producer.connect();
  return producer;
}

const consumer = kafka.consumer({ groupId });
await consumer.connect();
await consumer.subscribe({ topic: from, fromBeginning: true });
await consumer.run({
  autoCommit: false,
  partitionsConsumedConcurrently: 6,
  eachBatch: async ({ batch }) => {
    const { partition } = batch;
    const opening = producers.get(partition) ?? openProducer(partition);
    producers.set(partition, opening);
    const transaction = await (await opening).transaction();
    await transaction.send({
      topic: to,
      acks: -1,
      messages: batch.messages.map(({ key, value }) => ({ key, value })),
    });
    const offset = String(BigInt(batch.lastOffset()) + 1n);
    await transaction.sendOffsets({
      consumerGroupId: groupId,
      topics: [{ topic: from, partitions: [{ partition, offset }] }],
    });
    await transaction.commit();
  },
});
