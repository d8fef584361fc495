/**
 * The headers of a message in `orders_waiting`; key: order_id. The value holds the original bytes of the order, whose
 * customer is not in ksqlDB yet.
 */
export const waitingHeaders = {
  /** Partition of the order in `customer_orders`. */
  partition: 'waiting.order_partition',
  /** Offset of the order in that partition. */
  offset: 'waiting.order_offset',
  /** When shipping first looked for the customer, ISO 8601. */
  firstSeen: 'waiting.first_seen',
} as const;
