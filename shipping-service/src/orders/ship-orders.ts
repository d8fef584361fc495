import type { OutgoingMessage, ReceivedMessage, Shipment } from '@shop/common';
import type { LookUpCustomers } from '../customers/look-up-customers.ts';
import type { BatchResult, CreatePartitionHandler } from '../kafka/batch.ts';
import type { OutcomeCounters } from './count-outcomes.ts';
import { createOrderWindow } from './order-window.ts';
import { shipTo, toShipmentMessage } from './outcome.ts';
import { type ReceivedOrder, type Rejected, readOrder } from './received-order.ts';
import { sortMessages } from './sort-messages.ts';
import { toWaitingMessage } from './waiting-order.ts';

export interface ShipOrdersPlan {
  service: string;
  topics: { orders: string; shipments: string; waiting: string; deadLetters: string };
  lookUp: LookUpCustomers;
  window: { lengthMs: number; limit: number };
  counters: OutcomeCounters;
}

/**
 * Handles `customer_orders`. Each order results in exactly one message: a shipment, a place in `orders_waiting` while its
 * customer is not in ksqlDB yet or the customer's row is incomplete, or a dead letter when it cannot be read or is a second
 * copy.
 */
export function createShipOrders({
  service,
  topics,
  lookUp,
  window,
  counters,
}: ShipOrdersPlan): CreatePartitionHandler {
  return (partition) => {
    const seen = createOrderWindow(window);
    const isSecondCopy = ({ order, message }: ReceivedOrder) =>
      seen.seenBefore(order.order_id, Number(message.timestamp));
    const origin = { topic: topics.orders, partition, service };

    const readNewOrder = (message: ReceivedMessage): ReceivedOrder | Rejected => {
      const read = readOrder(message, partition);
      if ('rejected' in read || !isSecondCopy(read)) return read;
      return { rejected: { code: 'duplicate_order', message: `order ${read.order.order_id} was here before` } };
    };

    return {
      remember(messages) {
        for (const message of messages) {
          const read = readOrder(message, partition);
          if ('order' in read) isSecondCopy(read);
        }
      },

      async handle({ messages, signal }): Promise<BatchResult> {
        const { orders, deadLetters } = sortMessages(messages, origin, readNewOrder);
        const ids = orders.map(({ order }) => order.customer.id);
        const { customers } = await lookUp(ids, signal);
        const shipments: Shipment[] = [];
        const waiting: OutgoingMessage[] = [];
        for (const each of orders) {
          const customer = customers.get(each.order.customer.id);
          if (customer && !customer.incomplete) shipments.push(shipTo(each, customer));
          else waiting.push(toWaitingMessage(each, Date.now()));
        }
        return {
          writes: [
            { topic: topics.shipments, messages: shipments.map(toShipmentMessage) },
            { topic: topics.waiting, messages: waiting },
            { topic: topics.deadLetters, messages: deadLetters },
          ],
          committed: () =>
            counters.count({ orders: messages.length, shipments, deadLetters, newlyWaiting: waiting.length }),
        };
      },
    };
  };
}
