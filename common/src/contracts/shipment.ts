import { z } from 'zod';

/** Why an order cannot be delivered. */
const undeliverableReason = z.enum(['customer_deleted', 'customer_unknown']);
export type UndeliverableReason = z.infer<typeof undeliverableReason>;

const outcome = {
  order_id: z.string(),
  customer_id: z.int(),
  product: z.string(),
  quantity: z.int(),
  ordered_at: z.string(),
  /** When the request that ksqlDB answered was sent. Absent in messages of older releases. */
  lookup_started_at: z.string().optional(),
  /** When ksqlDB's answer arrived. */
  looked_up_at: z.string(),
  /** The instance that asked; its clock gave both times. Absent in messages of older releases. */
  looked_up_by: z.string().optional(),
  shipped_at: z.string(),
  /** Where the order stands in `customer_orders`. */
  order_partition: z.int(),
  order_offset: z.int(),
};

/** A message of `shipments`, the one outcome of an order; key: order_id. */
export const shipment = z.discriminatedUnion('status', [
  z.looseObject({
    status: z.literal('delivered'),
    ...outcome,
    first_name: z.string(),
    last_name: z.string(),
    zipcode: z.string(),
    country: z.string(),
    address: z.string(),
  }),
  z.looseObject({ status: z.literal('undeliverable'), ...outcome, reason: undeliverableReason }),
]);
export type Shipment = z.infer<typeof shipment>;
