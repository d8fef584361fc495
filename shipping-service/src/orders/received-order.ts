import {
  type DeadLetterReason,
  findUnreadable,
  type Order,
  order,
  type ReceivedMessage,
  readJson,
  UnreadableMessage,
} from '@shop/common';

/** An order with its position in `customer_orders`. */
export interface ReceivedOrder {
  order: Order;
  partition: number;
  offset: string;
  /** As it was read. */
  message: ReceivedMessage;
}

/** Why a message goes to `dead_letters`. */
export interface Rejected {
  rejected: DeadLetterReason;
}

/** Reads an order of `customer_orders`, or returns why the message is a dead letter. */
export function readOrder(message: ReceivedMessage, partition: number): ReceivedOrder | Rejected {
  const unreadable = findUnreadable(message);
  if (unreadable) return { rejected: unreadable };
  try {
    return { order: readJson(message.value, order), partition, offset: message.offset, message };
  } catch (error) {
    if (error instanceof UnreadableMessage) return { rejected: error };
    throw error;
  }
}
