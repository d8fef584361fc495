import type { OutgoingMessage, Report, Shipment } from '@shop/common';

interface Outcomes {
  /** Orders read from `customer_orders`. */
  orders?: number;
  shipments: Shipment[];
  deadLetters: OutgoingMessage[];
  /** Orders that were sent to `orders_waiting` for the first time. */
  newlyWaiting?: number;
}

export interface OutcomeCounters {
  count(outcomes: Outcomes): void;
}

/** Counts the outcomes of orders, for /metrics and `service_status`. Call it after the transaction. */
export function createOutcomeCounters(report: Report): OutcomeCounters {
  const orders = report.counter('orders_read', 'Orders read from customer_orders');
  const delivered = report.counter('orders_delivered', 'Orders delivered');
  const undeliverable = report.counter('orders_undeliverable', 'Orders that could not be delivered');
  const waited = report.counter('orders_waited', 'Orders whose customer was not, or not completely, in ksqlDB yet');
  const deadLetters = report.counter('dead_letters', 'Messages that could not be used');
  return {
    count(outcomes) {
      const arrived = outcomes.shipments.filter(({ status }) => status === 'delivered').length;
      orders(outcomes.orders ?? 0);
      delivered(arrived);
      undeliverable(outcomes.shipments.length - arrived);
      waited(outcomes.newlyWaiting ?? 0);
      deadLetters(outcomes.deadLetters.length);
    },
  };
}
