import { readTopics } from '@shop/common';
import { buildOrder, createTopics, nameTopics, openTestKafka, type Scope } from '@shop/test-support';

/** As many orders as order-service sends in one request at full speed. */
const perRequest = 1_000;

export interface OrdersTopic {
  topic: string;
  /** Number of orders, from 0. */
  count: number;
}

/** Ids of orders have the length of a UUID and contain the order's number. */
export const orderIdOf = (index: number): string => `01900000-0000-7000-8000-${String(index).padStart(12, '0')}`;
export const indexOf = (orderId: string): number => Number(orderId.slice(-12));

/** The customer of an order: every customer orders in turn. */
export const customerOf = (index: number, customers: number): number => 1 + (index % customers);

export const orderMessage = (index: number, customers: number): { key: string; value: string } => {
  const id = customerOf(index, customers);
  const changes = { ordered_at: new Date().toISOString() };
  return { key: String(id), value: JSON.stringify(buildOrder(orderIdOf(index), id, changes)) };
};

/** Creates a topic of six partitions with `count` orders of the customers 1 to `customers`. */
export async function fillOrdersTopic(scope: Scope, count: number, customers: number): Promise<OrdersTopic> {
  const { orders } = readTopics(nameTopics(scope, 'ORDERS_TOPIC').env);
  const kafka = await openTestKafka();
  await createTopics(kafka.admin, [orders.topic], orders.partitions, orders.config);
  for (let sent = 0; sent < count; sent += perRequest)
    await kafka.send(
      orders.topic,
      Array.from({ length: Math.min(perRequest, count - sent) }, (_, n) => orderMessage(sent + n, customers)),
    );
  await kafka.close();
  return { topic: orders.topic, count };
}
