import { type Shipment, toDeadLetter } from '@shop/common';
import type { KafkaMessage, Message } from 'kafkajs';
import type { LookUpCustomers } from '../customers/look-up-customers.ts';
import type { BatchResult, CreatePartitionHandler } from '../kafka/batch.ts';
import type { OutcomeCounters } from './count-outcomes.ts';
import { createOrderWindow } from './order-window.ts';
import { shipTo, toShipmentMessage } from './outcome.ts';
import { type ReceivedOrder, readOrder } from './received-order.ts';
import { toWaitingMessage } from './waiting-order.ts';

export interface ShipOrdersPlan {
  service: string;
  topics: { orders: string; shipments: string; waiting: string; deadLetters: string };
  lookUp: LookUpCustomers;
  window: { lengthMs: number; limit: number };
  counters: OutcomeCounters;
}

/**
 * Handles `customer_orders`: each order comes to exactly one message, a shipment, a place in `orders_waiting` while its
 * customer is not in ksqlDB yet, or a dead letter when it cannot be read or is a second copy.
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
    const origin = { topic: topics.orders, partition, service };

    /** Sorts messages into orders to ship and dead letters. */
    function sift(messages: KafkaMessage[]): { received: ReceivedOrder[]; deadLetters: Message[] } {
      const received: ReceivedOrder[] = [];
      const deadLetters: Message[] = [];
      for (const message of messages) {
        const read = readOrder(message);
        if ('unreadable' in read) deadLetters.push(toDeadLetter(message, origin, read.unreadable));
        else if (seen.seenBefore(read.order.order_id, Number(message.timestamp)))
          deadLetters.push(toDeadLetter(message, origin, duplicateOf(read.order.order_id)));
        else received.push({ order: read.order, partition, offset: message.offset, message });
      }
      return { received, deadLetters };
    }

    return {
      remember(messages) {
        for (const message of messages) {
          const read = readOrder(message);
          if ('order' in read) seen.seenBefore(read.order.order_id, Number(message.timestamp));
        }
      },

      async handle({ messages, signal }): Promise<BatchResult> {
        const { received, deadLetters } = sift(messages);
        const found = await lookUp(
          received.map(({ order }) => order.customer.id),
          signal,
        );
        const shipments: Shipment[] = [];
        const waiting: Message[] = [];
        for (const each of received) {
          const customer = found.customers.get(each.order.customer.id);
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

const duplicateOf = (orderId: string) => ({ code: 'duplicate_order', message: `order ${orderId} was here before` });
