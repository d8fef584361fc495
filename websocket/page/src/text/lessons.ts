import * as steps from './lesson-steps.ts';

export type TabName = 'Watch' | 'Play' | 'Query';

interface Step {
  /** The tab on which it is done. */
  tab?: TabName;
  text: string;
  /** What to enter into a terminal, by how the shop was started. */
  commands?: readonly { startedBy: string; line: string }[];
  isDone: steps.IsDone;
}

export interface Lesson {
  /** Part of the name under which the browser keeps what is done. */
  id: string;
  title: string;
  steps: readonly Step[];
  /** What to look for. */
  look: string;
  why: string;
  /** The file that does it. */
  file: string;
}

/** The steps of each lesson are done one after the other. */
export const lessons: readonly Lesson[] = [
  {
    id: 'follow-an-order',
    title: 'Follow one order',
    steps: [
      {
        tab: 'Watch',
        text: 'In the list of events, choose a new order. Then choose “Story of order”.',
        isDone: steps.hasOpenedOrder,
      },
      { text: 'Wait until its story has the shipment.', isDone: steps.hasSeenShipment },
    ],
    look: 'The order names a customer and a product, but no address. The shipment has the address.',
    why: 'order-service and shipping-service do not know each other. One writes to a Kafka topic, and the other reads from it. Kafka keeps every order for a day, so an order waits while shipping is down.',
    file: 'order-service/src/orders/produce-orders.ts',
  },
  {
    id: 'change-data-capture',
    title: 'Change data capture: move a customer',
    steps: [
      { tab: 'Play', text: 'Register as a customer.', isDone: steps.isCustomer },
      { tab: 'Play', text: 'Choose “Move”.', isDone: steps.hasMoved },
      { text: 'Wait until the new address is in ksqlDB.', isDone: steps.hasAddressArrived },
    ],
    look: 'The new address is first in Postgres, then in a Kafka topic, then in ksqlDB’s table CUSTOMERS. Order something: your parcel has the new address, too.',
    why: 'The updater only writes SQL. Debezium reads the write-ahead log of Postgres, and publishes every changed row as an event. The updater does not know Kafka, and shipping does not know Postgres.',
    file: 'connect/debezium_source_conn/customers.json',
  },
  {
    id: 'partitions',
    title: 'Keys and partitions: why one customer’s orders stay in order',
    steps: [
      { tab: 'Play', text: 'Order twice as your customer.', isDone: steps.hasOrderedTwice },
      {
        tab: 'Play',
        text: 'Choose “Whole story”. Then open both orders in it.',
        isDone: steps.hasComparedOrders,
      },
    ],
    look: 'Both orders are in the same partition, and the later one has the higher offset. Orders of other customers may be in other partitions.',
    why: 'The key of an order is the customer’s id, and the key decides the partition. Kafka keeps the messages of a partition in their order. So one customer’s orders stay in order, although six partitions are read at the same time.',
    file: 'order-service/src/orders/create-messages.ts',
  },
  {
    id: 'tables-and-streams',
    title: 'A table is a stream: pull and push queries',
    steps: [
      { tab: 'Query', text: 'Run the example “One customer”.', isDone: steps.hasPulled },
      { tab: 'Query', text: 'Run the example “Customers as they change”.', isDone: steps.hasPushed },
    ],
    look: 'The first query ends at once, with the row as it is now. The second one stays open, and gets a row for every change.',
    why: 'ksqlDB reads the topic of changes, and keeps the last row of each key: that is the table. A pull query reads the table. A push query reads the changes. Before parcels leave, shipping sends a pull query.',
    file: 'ksql/statements/01-customers.ksql',
  },
  {
    id: 'consumer-groups',
    title: 'Consumer groups: start a second shipping-service',
    steps: [
      {
        text: 'In a terminal, start a second shipping-service.',
        commands: [
          {
            startedBy: 'npm start',
            line: 'KAFKA_BOOTSTRAP_SERVERS=localhost:9092 KSQLDB_ENDPOINT=http://localhost:8088 node local/launch.mjs shipping-service/src/main.ts',
          },
          { startedBy: 'docker compose', line: 'docker compose up -d --scale shipping-service=2' },
        ],
        isDone: steps.hasSecondInstance,
      },
      { text: 'Wait until both instances have read orders.', isDone: steps.doBothShip },
      {
        text: 'Stop the second one.',
        commands: [
          { startedBy: 'npm start', line: 'Ctrl-C' },
          { startedBy: 'docker compose', line: 'docker compose up -d --scale shipping-service=1' },
        ],
        isDone: steps.isOneInstanceAgain,
      },
    ],
    look: 'On Watch, open some shipments: looked_up_by is the instance, and order_partition the partition. All orders of a partition have the same instance. When the second instance stops, the first one gets all partitions again.',
    why: 'Consumers with the same group id share the partitions of a topic, and each partition has one reader. Kafka divides them again when a consumer joins or leaves. The next reader of a partition continues at the committed offset.',
    file: 'shipping-service/src/kafka/transactional-consumer.ts',
  },
  {
    id: 'lag',
    title: 'Lag: slow shipping down, then let it catch up',
    steps: [
      { tab: 'Play', text: 'Set 200 orders per second.', isDone: steps.isUnderLoad },
      {
        tab: 'Play',
        text: 'In the picture, choose shipping-service. Then choose “Slow it down”.',
        isDone: steps.isLagging,
      },
      {
        tab: 'Play',
        text: 'Choose “Back to normal”, and wait until shipping has caught up.',
        isDone: steps.hasCaughtUp,
      },
    ],
    look: 'On Watch, more orders are on their way, and the time from order to shipment rises. It falls again as soon as shipping is at full speed.',
    why: 'A consumer reads at its own pace, and Kafka keeps what it has not read yet. Lag is the number of messages that it is behind. A slow consumer loses nothing, and delays no producer.',
    file: 'shipping-service/src/kafka/slow-down.ts',
  },
  {
    id: 'exactly-once',
    title: 'Exactly once: kill shipping in the middle of a transaction',
    steps: [
      {
        tab: 'Play',
        text: 'Set 200 orders per second. Then a transaction is open at almost any moment.',
        isDone: steps.isUnderLoad,
      },
      {
        tab: 'Play',
        text: 'In the picture, choose shipping-service. Then choose “Crash shipping-service”.',
        isDone: steps.hasCrashed,
      },
      {
        tab: 'Play',
        text: 'Wait until the report below the picture shows that all promises are kept.',
        isDone: steps.areAllPromisesKept,
      },
    ],
    look: 'Orders wait while the service is down. When it is ready again, it ships them. The audit finds 0 lost and 0 shipped twice.',
    why: 'One Kafka transaction holds the shipments of a batch and the offset after it. A crash aborts the transaction, and no reader gets its messages. The next process starts at the committed offset, and ships the same orders again.',
    file: 'shipping-service/src/kafka/partition-session.ts',
  },
  {
    id: 'dead-letters',
    title: 'Dead letters: send an unreadable order, and find it',
    steps: [
      { tab: 'Play', text: 'Run the scenario “Unreadable”.', isDone: steps.hasSentUnreadable },
      {
        tab: 'Watch',
        text: 'Above the list of events, choose the topic dead_letters. Then open a message.',
        isDone: steps.hasFoundDeadLetter,
      },
    ],
    look: 'The message is unchanged. Its headers contain where it was read, and why it is no order.',
    why: 'An unreadable message must not stop the orders behind it, and must not disappear. shipping-service writes it to dead_letters, in the transaction that moves past it. A person can correct the order and send it again, with “npm run shop -- dead-letters”.',
    file: 'shipping-service/src/orders/sort-messages.ts',
  },
];
