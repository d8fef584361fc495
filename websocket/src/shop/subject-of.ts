import type { LiveMessage } from '../api/read-message.ts';

/** The customer and the order that a message is about. */
export interface Subject {
  customerId?: number;
  orderId?: string;
}

/**
 * Finds customer and order wherever the shop's messages carry them, also in a message of the wrong shape that became a
 * dead letter.
 */
export function subjectOf({ topic, key, value }: LiveMessage): Subject {
  const body = value.format === 'json' ? asRecord(value.parsed) : {};
  const orderId = body['order_id'];
  const keyText = key.format === 'text' ? key.text : '';
  const customerId =
    asId(body['customer_id']) ??
    asId(asRecord(body['customer'])['id']) ??
    asId(asRecord(body['after'])['id']) ??
    (keyedByCustomer.test(topic) ? asId(keyText) : undefined);
  return {
    ...(customerId !== undefined && { customerId }),
    ...(typeof orderId === 'string' && { orderId }),
  };
}

/** Topics whose key is the customer's id. */
const keyedByCustomer = /customers$|^CUSTOMERS$|orders$|^dead_letters$/;

/** The fields of an object; none of anything else. */
export function asRecord(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
}

function asId(value: unknown): number | undefined {
  const id = typeof value === 'string' && /^\d{1,15}$/.test(value) ? Number(value) : value;
  return typeof id === 'number' && Number.isSafeInteger(id) ? id : undefined;
}
