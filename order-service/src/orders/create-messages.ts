import type { Order, Random } from '@shop/common';
import type { Message } from 'kafkajs';
import { happens, type Traffic } from './traffic.ts';

export type OrderMessage = Message & { value: string };

export const toMessage = (order: Order): OrderMessage => ({
  key: String(order.customer.id),
  value: JSON.stringify(order),
});

/** Messages that shipping-service cannot read as orders. */
const unreadable: readonly ((order: Order) => string)[] = [
  (order) => JSON.stringify(order).slice(0, 30),
  (order) => JSON.stringify({ ...order, order: { ...order.order, quantity: -order.order.quantity } }),
];

/**
 * Turns orders into messages, and adds the copies and the unreadable messages that the traffic asks for.
 *
 * @param traffic read for every batch, because a command may change it
 */
export function createMessageMaker(random: Random, traffic: Traffic): (orders: Order[]) => OrderMessage[] {
  return (orders) => {
    const messages = orders.map(toMessage);
    const copies = messages.filter(() => happens(traffic.sentTwiceShare, random));
    const others = orders
      .filter(() => happens(traffic.unreadableShare, random))
      .map((order) => ({ key: String(order.customer.id), value: random.pick(unreadable)(order) }));
    return [...messages, ...copies, ...others];
  };
}
