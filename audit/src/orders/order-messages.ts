import { deadLetterHeaders, order, readJson, type TopicRecord, UnreadableMessage, waitingHeaders } from '@shop/common';

/** Partition and offset of an order in `customer_orders`. */
interface OrderOrigin {
  partition: number;
  offset: number;
}

/** Who ordered, by which id. */
interface OrderIds {
  orderId: string;
  customerId: number;
}

/** Reads the ids as shipping-service does: a message that is no valid order has none. */
export function readOrderIds(value: Buffer | null): OrderIds | undefined {
  try {
    const { order_id: orderId, customer } = readJson(value, order);
    return { orderId, customerId: customer.id };
  } catch (error) {
    if (error instanceof UnreadableMessage) return undefined;
    throw error;
  }
}

export const readOrderId = (value: Buffer | null): string | undefined => readOrderIds(value)?.orderId;

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
