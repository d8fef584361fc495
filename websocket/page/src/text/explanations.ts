/** What each part of the picture does, for someone who has never seen one. */
export const explanations = {
  updater: {
    title: 'updater',
    role: 'plays the customers',
    text: 'A small program: every few seconds some customers register, some move, one leaves. It writes ordinary SQL to Postgres and knows nothing of Kafka.',
  },
  postgres: {
    title: 'Postgres',
    role: 'the shop’s database',
    text: 'Where customers live, as in any shop. Postgres notes every change in its write-ahead log before it says yes, and that log is all the rest of this picture needs.',
  },
  debezium: {
    title: 'Debezium',
    role: 'change data capture',
    text: 'Change data capture (CDC): a connector in Kafka Connect reads Postgres’ log and publishes every changed row as an event. No program had to be changed for it, and nobody queries the database.',
  },
  customersTopic: {
    title: 'customers',
    role: 'Kafka topic',
    text: 'A Kafka topic is a log on disk that any number of readers follow, each at its own pace. This one holds every change of every customer, in order, and keeps at least the last one of each.',
  },
  ksqlCustomers: {
    title: 'CUSTOMERS',
    role: 'ksqlDB table',
    text: 'ksqlDB follows the topic and keeps the latest row of each customer as a table. It answers look-ups over HTTP like a database, a few milliseconds behind Postgres, without ever touching it.',
  },
  orderService: {
    title: 'order-service',
    role: 'plays the buyers',
    text: 'Picks customers and products from Postgres and orders on their behalf. An order says who wants what. It never says where to.',
  },
  ordersTopic: {
    title: 'customer_orders',
    role: 'Kafka topic',
    text: 'Every order, kept for a day. Two readers follow it without knowing of each other: shipping, and ksqlDB’s count of the stock. Adding a third would change nothing here.',
  },
  shipping: {
    title: 'shipping-service',
    role: 'delivers',
    text: 'Asks ksqlDB where the customer lives now, and never Postgres. The shipment and the note that this order is done are written in one Kafka transaction, so that no order gets lost or is shipped twice, even when the service is killed.',
  },
  shipmentsTopic: {
    title: 'shipments',
    role: 'Kafka topic',
    text: 'One outcome for each order: delivered to an address, or undeliverable with the reason.',
  },
  refill: {
    title: 'refill-inventory',
    role: 'buys stock',
    text: 'Every few seconds it adds some of each product. A refill is an amount that came in, not a level.',
  },
  refillsTopic: {
    title: 'inventory_refills',
    role: 'Kafka topic',
    text: 'What came in, message by message.',
  },
  ksqlStock: {
    title: 'LATEST_INVENTORY',
    role: 'ksqlDB tables',
    text: 'Two sums that ksqlDB keeps up to date with every message, refilled and ordered, joined into one table: what is left. The shop may oversell, so that can be negative.',
  },
  stockTopic: {
    title: 'FINAL_INVENTORY',
    role: 'ksqlDB’s result',
    text: 'What ksqlDB computes it publishes as a Kafka topic again. The stock on this page is read from it.',
  },
} as const;

export type PartName = keyof typeof explanations;
