import { createKafka, type Order, type Shipment } from '@shop/common';
import { testKafkaSettings } from '@shop/test-support';
import { createAnswerCount } from '../check-answers.ts';
import { indexOf } from '../shop/orders-topic.ts';

// The ceiling of the audit: reads the orders and the shipments, and parses their JSON. Prints what it has read when that is all.
const [broker = '', groupId = '', topics = '', orders = '0'] = process.argv.slice(2);
const consumer = createKafka(testKafkaSettings(broker)).consumer({ groupId });
const count = Number(orders);
const [ordersTopic = '', shipmentsTopic = ''] = topics.split(',');
const counts = new Map([ordersTopic, shipmentsTopic].map((topic) => [topic, createAnswerCount(count)]));
let received = 0;

await consumer.connect();
consumer.on(consumer.events.GROUP_JOIN, () => console.log(JSON.stringify({ msg: 'reading' })));
await consumer.subscribe({ topics: [ordersTopic, shipmentsTopic], fromBeginning: true });
await consumer.run({
  partitionsConsumedConcurrently: 6,
  eachBatch: async ({ batch: { topic, messages } }) => {
    for (const { value } of messages) {
      const { order_id } = JSON.parse(String(value)) as Order | Shipment;
      counts.get(topic)?.add(indexOf(order_id));
    }
    received += messages.length;
    if (received < 2 * count) return;
    const all = [...counts.values()].map(({ answers }) => answers);
    console.log(JSON.stringify({ msg: 'done', at: Date.now(), answers: all }));
  },
});
