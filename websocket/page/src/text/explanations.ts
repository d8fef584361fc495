/** What each part of the diagram does, for readers who are new to Kafka. */
export const explanations = {
  updater: {
    title: 'updater',
    role: 'simulates customers',
    text: 'A small program. Every few seconds some customers register, some move, and one leaves. It writes ordinary SQL to Postgres and knows nothing of Kafka.',
  },
  postgres: {
    title: 'Postgres',
    role: 'the shop’s database',
    text: 'The database of customers, as in any shop. Postgres writes every change to its write-ahead log before it confirms the change. The rest of this diagram needs only that log.',
  },
  debezium: {
    title: 'Debezium',
    role: 'change data capture',
    text: 'Change data capture (CDC): a connector in Kafka Connect reads Postgres’ log and publishes every changed row as an event. No program had to change for it, and no query reads the table.',
  },
  customersTopic: {
    title: 'customers',
    role: 'Kafka topic',
    text: 'A Kafka topic is a log on disk that any number of readers follow, each at its own pace. This one holds the changes of every customer, in order, and keeps at least the last change of each.',
  },
  ksqlCustomers: {
    title: 'CUSTOMERS',
    role: 'ksqlDB table',
    text: 'ksqlDB follows the topic and keeps the latest row of each customer as a table. It answers look-ups over HTTP like a database, a few milliseconds behind Postgres, without ever touching it.',
  },
  orderService: {
    title: 'order-service',
    role: 'simulates buyers',
    text: 'Picks customers and products from Postgres and orders on their behalf. An order names the customer and the product, and never an address.',
  },
  ordersTopic: {
    title: 'customer_orders',
    role: 'Kafka topic',
    text: 'Every order, kept for a day. Two readers follow it independently: shipping, and ksqlDB’s count of the stock. A third reader would change nothing here.',
  },
  shipping: {
    title: 'shipping-service',
    role: 'delivers',
    text: 'Asks ksqlDB, and never Postgres, where the customer lives now. One Kafka transaction holds the shipment and the offset of its order, so no order is lost or shipped twice, even when the service is killed.',
  },
  shipmentsTopic: {
    title: 'shipments',
    role: 'Kafka topic',
    text: 'One outcome for each order: delivered to an address, or undeliverable with the reason.',
  },
  refill: {
    title: 'refill-inventory',
    role: 'buys stock',
    text: 'Adds some pieces of each product every few seconds. A refill is an amount that is added, not a level.',
  },
  refillsTopic: {
    title: 'inventory_refills',
    role: 'Kafka topic',
    text: 'The refills, message by message.',
  },
  ksqlStock: {
    title: 'LATEST_INVENTORY',
    role: 'ksqlDB tables',
    text: 'ksqlDB keeps two sums up to date, refilled and ordered, and joins them into one table: the stock. The shop may oversell, so the stock can be negative.',
  },
  stockTopic: {
    title: 'FINAL_INVENTORY',
    role: 'ksqlDB’s result',
    text: 'ksqlDB publishes its results as a Kafka topic, too. This page reads the stock from it.',
  },
} as const;

export type PartName = keyof typeof explanations;
