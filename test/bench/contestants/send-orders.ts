import { createIdempotentProducer, createKafka } from '@shop/common';
import { testKafkaSettings } from '@shop/test-support';
import { Kafka, logLevel, type Message, Partitioners, type Producer } from 'kafkajs';
import { orderMessage } from '../shop/orders-topic.ts';

// Sends orders that are ready before it begins: in batches, as fast as kafkajs can (the ceiling), or one by one (the obvious way).
const [way = '', broker = '', topic = '', orders = '0', customers = '0'] = process.argv.slice(2);
const ready: Message[] = Array.from({ length: Number(orders) }, (_, index) => orderMessage(index, Number(customers)));
const batchSize = way === 'batches' ? 1_000 : 1;

const producer: Producer =
  way === 'batches'
    ? createIdempotentProducer(createKafka(testKafkaSettings(broker)))
    : new Kafka({ brokers: [broker], logLevel: logLevel.NOTHING }).producer({
        createPartitioner: Partitioners.DefaultPartitioner,
      });
await producer.connect();
for (let sent = 0; sent < ready.length; sent += batchSize)
  await producer.send({ topic, messages: ready.slice(sent, sent + batchSize) });
await producer.disconnect();
