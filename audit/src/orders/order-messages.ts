import { deadLetterHeaders, order, readJson, type TopicRecord, UnreadableMessage, waitingHeaders } from '@shop/common';
import { type CopiedFields, copiedFieldsOf } from './compare-outcome.ts';

/** Partition and offset of an order in `customer_orders`. */
interface OrderOrigin {
  partition: number;
  offset: number;
}

/** An order, as far as the audit needs it. */
export interface ReadableOrder {
  orderId: string;
  copied: CopiedFields;
}

/** Reads an order as shipping-service does. @returns undefined for a message that is no valid order */
export function readReadableOrder(value: Buffer | null): ReadableOrder | undefined {
  try {
    const read = readJson(value, order);
    return { orderId: read.order_id, copied: copiedFieldsOf(read) };
  } catch (error) {
    if (error instanceof UnreadableMessage) return undefined;
    throw error;
  }
}

export const readOrderId = (value: Buffer | null): string | undefined => readReadableOrder(value)?.orderId;

/** @returns the order of a message in `orders_waiting`; undefined when its headers name none */
export const readWaitingOrigin = ({ headers }: Pick<TopicRecord, 'headers'>): OrderOrigin | undefined =>
  toOrigin(headers[waitingHeaders.partition], headers[waitingHeaders.offset]);

/** @returns the order of a dead letter; undefined when the message came from another topic */
export function readDeadLetterOrigin(
  { headers }: Pick<TopicRecord, 'headers'>,
  { ordersTopic, ordersWaitingTopic }: { ordersTopic: string; ordersWaitingTopic: string },
): OrderOrigin | undefined {
  const from = headers[deadLetterHeaders.topic];
  if (from === ordersTopic) return toOrigin(headers[deadLetterHeaders.partition], headers[deadLetterHeaders.offset]);
  return from === ordersWaitingTopic ? readWaitingOrigin({ headers }) : undefined;
}

function toOrigin(partition: string | undefined, offset: string | undefined): OrderOrigin | undefined {
  const origin = { partition: Number(partition ?? Number.NaN), offset: Number(offset ?? Number.NaN) };
  return Number.isSafeInteger(origin.partition) && Number.isSafeInteger(origin.offset) ? origin : undefined;
}
