import {
  findUnreadable,
  type MessageHeaders,
  type OutgoingMessage,
  type ReceivedMessage,
  waitingHeaders,
} from '@shop/common';
import { type ReceivedOrder, type Rejected, readOrder } from './received-order.ts';

/** An order of a customer who is not in ksqlDB yet, or whose row there is incomplete. */
export interface WaitingOrder extends ReceivedOrder {
  /** When shipping first looked for the customer, ms since 1970. */
  firstSeen: number;
}

/** The original bytes of the order. Headers hold its partition, its offset and the time of the first look-up. */
export function toWaitingMessage(
  { order, partition, offset, message }: ReceivedOrder,
  firstSeen: number,
): OutgoingMessage {
  return {
    key: order.order_id,
    value: message.value,
    headers: {
      ...message.headers,
      [waitingHeaders.partition]: String(partition),
      [waitingHeaders.offset]: offset,
      [waitingHeaders.firstSeen]: new Date(firstSeen).toISOString(),
    },
  };
}

/** Reads an order of `orders_waiting`, or returns why the message is a dead letter. */
export function readWaitingOrder(message: ReceivedMessage): WaitingOrder | Rejected {
  const unreadable = findUnreadable(message);
  if (unreadable) return { rejected: unreadable };
  const partition = Number(readHeader(message.headers, waitingHeaders.partition));
  const offset = readHeader(message.headers, waitingHeaders.offset);
  const firstSeen = Date.parse(readHeader(message.headers, waitingHeaders.firstSeen));
  if (!Number.isSafeInteger(partition) || !/^\d+$/.test(offset) || Number.isNaN(firstSeen))
    return {
      rejected: { code: 'wrong_headers', message: 'the headers lack the position of the order in customer_orders' },
    };
  const read = readOrder(message, partition);
  return 'rejected' in read ? read : { ...read, offset, firstSeen };
}

const readHeader = (headers: MessageHeaders | undefined, name: string) => String(headers?.[name] ?? '');
