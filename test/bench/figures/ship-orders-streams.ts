import type { Figure } from '../figure.ts';
import { measureShipping, readShipment, shipOrders } from '../shop/measure-shipping.ts';
import { fillOrdersTopic } from '../shop/orders-topic.ts';
import { startCustomersKsqldb } from '../shop/start-customers-ksqldb.ts';
import { prepareStreams, startStreams } from '../shop/start-streams.ts';

export const shipOrdersStreamsFigure: Figure = {
  name: 'ship-orders-streams',
  what: 'orders that one shipping-service ships, beside a Kafka Streams application in Java; needs javac and Maven',
  unit: 'orders/s',
  higherIsBetter: true,
  servers: ['kafka'],
  async open(context) {
    const classPath = await prepareStreams();
    const customers = context.quick ? 2_000 : 20_000;
    const ksqldb = await startCustomersKsqldb(context, customers);
    // So many that Java has compiled its code for most of them.
    const orders = await fillOrdersTopic(context, context.quick ? 20_000 : 500_000, customers);
    return [
      {
        label: `${orders.count.toLocaleString('en')} orders shipped`,
        targets: [{ against: 'obvious', limit: 1 }],
        contestants: [
          {
            role: 'ours',
            what: 'shipping-service',
            run: (scope) => shipOrders(scope, orders, { ksqldb, customers, instances: 1 }),
          },
          {
            role: 'obvious',
            what: 'Kafka Streams, exactly_once_v2, 2 threads',
            run: (scope) =>
              measureShipping(
                scope,
                orders,
                (round) => [startStreams(scope, classPath, ksqldb.customersTopic, round)],
                readShipment(customers),
              ),
          },
        ],
      },
    ];
  },
};
