import { type DeadLetterReason, findUnreadable, waitingHeaders } from '@shop/common';
import type { IHeaders, KafkaMessage, Message } from 'kafkajs';
import { type ReceivedOrder, readOrder } from './received-order.ts';

/** An order of a customer who is not in ksqlDB yet. */
export interface WaitingOrder extends ReceivedOrder {
  /** When shipping first looked for the customer, ms since 1970. */
  firstSeen: number;
}

/** The order's own bytes, with where it stands and since when it waits in headers. */
export function toWaitingMessage({ order, partition, offset, message }: ReceivedOrder, firstSeen: number): Message {
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

/** Reads a message of `orders_waiting`, or says why it is none. */
export function readWaitingOrder(message: KafkaMessage): WaitingOrder | { unreadable: DeadLetterReason } {
  const unreadable = findUnreadable(message);
  if (unreadable) return { unreadable };
  const partition = Number(readHeader(message.headers, waitingHeaders.partition));
  const offset = readHeader(message.headers, waitingHeaders.offset);
  const firstSeen = Date.parse(readHeader(message.headers, waitingHeaders.firstSeen));
  if (!Number.isSafeInteger(partition) || !/^\d+$/.test(offset) || Number.isNaN(firstSeen))
    return { unreadable: { code: 'wrong_headers', message: 'the headers do not say where the order stands' } };
  const read = readOrder(message);
  return 'unreadable' in read ? read : { order: read.order, partition, offset, firstSeen, message };
}

const readHeader = (headers: IHeaders | undefined, name: string) => String(headers?.[name] ?? '');
