import { z } from 'zod';

const undeliverableReason = z
  .enum(['customer_deleted', 'customer_unknown'])
  .describe(
    'Why the order cannot be delivered: the customer was deleted, or did not arrive in ksqlDB while the order waited.',
  );
export type UndeliverableReason = z.infer<typeof undeliverableReason>;

const fromKsqldb = z.string().describe("Copied from ksqlDB's answer.");

const outcome = {
  order_id: z.string(),
  customer_id: z.int(),
  product: z.string(),
  quantity: z.int(),
  ordered_at: z.string().describe('Copied from the order.'),
  lookup_started_at: z
    .string()
    .optional()
    .describe('When the request that ksqlDB answered was sent, ISO 8601. Absent in messages of older releases.'),
  looked_up_at: z.string().describe("When ksqlDB's answer arrived, ISO 8601."),
  looked_up_by: z
    .string()
    .optional()
    .describe('The instance that asked; its clock gave both times. Absent in messages of older releases.'),
  shipped_at: z.string().describe('ISO 8601.'),
  order_partition: z.int().describe('Partition of the order in `customer_orders`.'),
  order_offset: z.int().describe('Offset of the order in that partition.'),
};

/** A message of `shipments`. */
export const shipment = z.discriminatedUnion('status', [
  z.looseObject({
    status: z.literal('delivered'),
    ...outcome,
    first_name: fromKsqldb,
    last_name: fromKsqldb,
    zipcode: fromKsqldb,
    country: fromKsqldb,
    address: fromKsqldb,
  }),
  z.looseObject({ status: z.literal('undeliverable'), ...outcome, reason: undeliverableReason }),
]);
export type Shipment = z.infer<typeof shipment>;
