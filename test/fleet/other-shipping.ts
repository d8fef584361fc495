import type { TestContext } from 'node:test';
import {
  createIdempotentProducer,
  type Order,
  type OutgoingMessage,
  order,
  pause,
  type ReceivedMessage,
  readJson,
  toDeadLetter,
  UnreadableMessage,
} from '@shop/common';
import type { Shop } from './open-shop.ts';

type Position = Readonly<{ partition: number; offset: string }>;

/**
 * Ships orders as docs/contract/README.md demands, in another way than shipping-service: with another consumer group, one look-up
 * for each order, and waiting orders in memory. It is never killed, so it needs no transactions.
 *
 * @returns a function that stops it
 */
export async function startOtherShipping(t: TestContext, { kafka, ksqldb }: Shop): Promise<() => Promise<void>> {
  const stopping = new AbortController();
  const consumer = kafka.consumer({ groupId: 'other-shipping', maxWaitTimeInMs: 100 });
  const producer = createIdempotentProducer(kafka);
  /** The next offset of each partition. After a rebalance, Kafka sends the last orders again. */
  const next = new Map<number, number>();

  const send = (topic: string, message: OutgoingMessage) => producer.send({ topic, messages: [message] });

  async function findCustomer(id: number): Promise<unknown[] | undefined> {
    const columns = 'op, first_name, last_name, zipcode, country, address';
    // An error is no answer, so ask again, as for a customer who has not arrived.
    const answer = await ksqldb.pull(`SELECT ${columns} FROM customers WHERE id = ${id};`).catch(() => undefined);
    return answer?.rows[0];
  }

  async function ship(placed: Order, { partition, offset }: Position): Promise<void> {
    let row = await findCustomer(placed.customer.id);
    while (!row) {
      if (!(await pause(100, stopping.signal))) return;
      row = await findCustomer(placed.customer.id);
    }
    const [op, first_name, last_name, zipcode, country, address] = row;
    const now = new Date().toISOString();
    const shipment = {
      order_id: placed.order_id,
      customer_id: placed.customer.id,
      product: placed.order.product,
      quantity: placed.order.quantity,
      ordered_at: placed.ordered_at,
      looked_up_at: now,
      shipped_at: now,
      order_partition: partition,
      order_offset: Number(offset),
      ...(op === 'd'
        ? { status: 'undeliverable', reason: 'customer_deleted' }
        : { status: 'delivered', first_name, last_name, zipcode, country, address }),
    };
    await send('shipments', { key: placed.order_id, value: JSON.stringify(shipment) });
  }

  async function handle(message: ReceivedMessage, partition: number): Promise<void> {
    if (Number(message.offset) < (next.get(partition) ?? 0)) return;
    next.set(partition, Number(message.offset) + 1);
    try {
      const placed = readJson(message.value, order);
      // Orders behind it do not wait for its customer.
      void ship(placed, { partition, offset: message.offset });
    } catch (error) {
      if (!(error instanceof UnreadableMessage)) throw error;
      const origin = { topic: 'customer_orders', partition, service: 'other-shipping' };
      await send('dead_letters', toDeadLetter(message, origin, error));
    }
  }

  await producer.connect();
  await consumer.connect();
  await consumer.subscribe({ topic: 'customer_orders', fromBeginning: true });
  await consumer.run({ eachMessage: ({ partition, message }) => handle(message, partition) });
  async function stop(): Promise<void> {
    if (stopping.signal.aborted) return;
    stopping.abort();
    await consumer.disconnect();
    await producer.disconnect();
  }
  t.after(stop);
  return stop;
}
