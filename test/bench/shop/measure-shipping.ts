import { type Order, readTopics, type Shipment, type TopicRecord } from '@shop/common';
import {
  createTopics,
  nameTopics,
  openTestKafka,
  readPeakMb,
  type Scope,
  type ServiceProcess,
} from '@shop/test-support';
import type { Round } from '../figure.ts';
import { customerOf, indexOf, type OrdersTopic } from './orders-topic.ts';
import { readResults, untilAllCommitted } from './read-results.ts';
import { startCompiled } from './start-compiled.ts';
import { addressOf, type CustomersKsqldb } from './start-customers-ksqldb.ts';

/** What a round of shipping reads and writes. */
export interface ShippingRound {
  ordersTopic: string;
  shipmentsTopic: string;
  groupId: string;
  /** Variables that name them, and the other topics of shipping-service. */
  env: Record<string, string>;
}

type ReadResult = (record: Pick<TopicRecord, 'value'>) => { index: number; right: boolean };

/**
 * Lets processes handle all orders of a topic, and measures orders per second from the first result to the last.
 *
 * @param read reads a message of the shipments topic
 */
export async function measureShipping(
  scope: Scope,
  orders: OrdersTopic,
  start: (round: ShippingRound) => Pick<ServiceProcess, 'pid' | 'ended' | 'end'>[],
  read: ReadResult,
): Promise<Round> {
  const names = ['SHIPMENTS_TOPIC', 'ORDERS_WAITING_TOPIC', 'DEAD_LETTERS_TOPIC', 'SERVICE_STATUS_TOPIC'];
  const { env } = nameTopics(scope, ...names, 'CONSUMER_GROUP');
  const { shipments } = readTopics(env);
  const kafka = await openTestKafka();
  await createTopics(kafka.admin, [shipments.topic], shipments.partitions, shipments.config);
  await kafka.close();
  const groupId = env['CONSUMER_GROUP'] ?? '';
  const processes = start({
    ordersTopic: orders.topic,
    shipmentsTopic: shipments.topic,
    groupId,
    env: { ...env, ORDERS_TOPIC: orders.topic },
  });
  await untilAllCommitted(orders.topic, groupId, Promise.race(processes.map(({ ended }) => ended)));
  const peakMb = Math.max(...processes.map(({ pid }) => readPeakMb(pid) ?? Number.NaN));
  for (const process of processes) await process.end();
  const { answers, perSecond } = await readResults(scope, shipments.topic, orders.count, read);
  return { value: perSecond, answers, also: { 'peak MB': peakMb } };
}

/** Lets instances of shipping-service ship all orders of a topic. */
export const shipOrders = (
  scope: Scope,
  orders: OrdersTopic,
  { ksqldb, customers, instances }: { ksqldb: CustomersKsqldb; customers: number; instances: number },
): Promise<Round> =>
  measureShipping(
    scope,
    orders,
    ({ env }) =>
      Array.from({ length: instances }, (_, n) =>
        startCompiled(scope, 'shipping-service', {
          ...env,
          CUSTOMERS_TOPIC: ksqldb.customersTopic,
          KSQLDB_ENDPOINT: ksqldb.endpoint,
          INSTANCE: `shipping-${n + 1}`,
        }),
      ),
    readShipment(customers),
  );

/** Reads a shipment, which is right when it goes to the customer's address. */
export const readShipment =
  (customers: number): ReadResult =>
  ({ value }) => {
    const shipment = JSON.parse(String(value)) as Shipment;
    const index = indexOf(shipment.order_id);
    const id = customerOf(index, customers);
    const isDelivered = shipment.status === 'delivered' && shipment.address === addressOf(id);
    return { index, right: isDelivered && shipment.customer_id === id };
  };

/** Reads the copy of an order. */
export const readCopy =
  (customers: number): ReadResult =>
  ({ value }) => {
    const order = JSON.parse(String(value)) as Order;
    const index = indexOf(order.order_id);
    return { index, right: order.customer.id === customerOf(index, customers) };
  };
