import type { Order } from '@shop/common';
import { Kafka, logLevel, Partitioners } from 'kafkajs';

// The obvious way of ship-orders: for each message, one pull query by HTTP and one send, as tutorials show it.
const [broker = '', groupId = '', from = '', to = '', endpoint = ''] = process.argv.slice(2);
const kafka = new Kafka({ brokers: [broker], logLevel: logLevel.NOTHING });

async function findCustomer(id: number) {
  const sql = `SELECT first_name, last_name, zipcode, country, address FROM customers WHERE id = ${id};`;
  const answer = await fetch(`${endpoint}/query-stream`, { method: 'POST', body: JSON.stringify({ sql }) });
  const [, row = ''] = (await answer.text()).split('\n');
  const [first_name, last_name, zipcode, country, address] = JSON.parse(row) as string[];
  return { first_name, last_name, zipcode, country, address };
}

const producer = kafka.producer({ createPartitioner: Partitioners.DefaultPartitioner });
const consumer = kafka.consumer({ groupId });
await producer.connect();
await consumer.connect();
await consumer.subscribe({ topic: from, fromBeginning: true });
await consumer.run({
  eachMessage: async ({ partition, message }) => {
    const { order_id, customer, order, ordered_at } = JSON.parse(String(message.value)) as Order;
    const shipment = {
      order_id,
      customer_id: customer.id,
      product: order.product,
      quantity: order.quantity,
      ordered_at,
      shipped_at: new Date().toISOString(),
      order_partition: partition,
      order_offset: Number(message.offset),
      status: 'delivered',
      ...(await findCustomer(customer.id)),
    };
    await producer.send({ topic: to, messages: [{ key: order_id, value: JSON.stringify(shipment) }] });
  },
});
