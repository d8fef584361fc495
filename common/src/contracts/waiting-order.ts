import { z } from 'zod';

/** The names of the headers of a message in `orders_waiting`. */
export const waitingHeaders = {
  partition: 'waiting.order_partition',
  offset: 'waiting.order_offset',
  firstSeen: 'waiting.first_seen',
} as const;

/** The headers of a message in `orders_waiting`. */
export const waitingHeaderValues = z.looseObject({
  [waitingHeaders.partition]: z.string().regex(/^\d+$/).describe('Partition of the order in `customer_orders`.'),
  [waitingHeaders.offset]: z.string().regex(/^\d+$/).describe('Offset of the order in that partition.'),
  [waitingHeaders.firstSeen]: z.string().describe('When shipping first looked for the customer, ISO 8601.'),
});
