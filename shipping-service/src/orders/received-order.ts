import { type DeadLetterReason, findUnreadable, type Order, order, readJson, UnreadableMessage } from '@shop/common';
import type { KafkaMessage } from 'kafkajs';

/** An order with the place in `customer_orders` where it stands. */
export interface ReceivedOrder {
  order: Order;
  partition: number;
  offset: string;
  /** As it came. */
  message: KafkaMessage;
}

/** Reads an order, or says why the message cannot be used. */
export function readOrder(message: KafkaMessage): { order: Order } | { unreadable: DeadLetterReason } {
  const unreadable = findUnreadable(message);
  if (unreadable) return { unreadable };
  try {
    return { order: readJson(message.value, order) };
  } catch (error) {
    if (error instanceof UnreadableMessage) return { unreadable: error };
    throw error;
  }
}
