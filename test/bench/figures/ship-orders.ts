import { testKafka } from '@shop/test-support';
import type { Figure } from '../figure.ts';
import { measureShipping, readCopy, readShipment, shipOrders } from '../shop/measure-shipping.ts';
import { fillOrdersTopic } from '../shop/orders-topic.ts';
import { startContestant } from '../shop/start-compiled.ts';
import { startCustomersKsqldb } from '../shop/start-customers-ksqldb.ts';

export const shipOrdersFigure: Figure = {
  name: 'ship-orders',
  what: 'orders that one shipping-service ships exactly once, with the embedded ksqlDB',
  unit: 'orders/s',
  higherIsBetter: true,
  servers: ['kafka'],
  async open(context) {
    const customers = context.quick ? 2_000 : 20_000;
    const ksqldb = await startCustomersKsqldb(context, customers);
    const orders = await fillOrdersTopic(context, context.quick ? 6_000 : 120_000, customers);
    // The obvious way is so slow that it gets fewer.
    const fewOrders = await fillOrdersTopic(context, context.quick ? 120 : 3_000, customers);
    return [
      {
        label: 'orders shipped',
        targets: [
          { against: 'obvious', limit: 100 },
          { against: 'ceiling', limit: 0.7 },
        ],
        contestants: [
          {
            role: 'ours',
            what: 'shipping-service',
            run: (scope) => shipOrders(scope, orders, { ksqldb, customers, instances: 1 }),
          },
          {
            role: 'obvious',
            what: 'eachMessage, one pull query and one send per order',
            run: (scope) =>
              measureShipping(
                scope,
                fewOrders,
                ({ groupId, ordersTopic, shipmentsTopic }) => [
                  startContestant(scope, 'ship-one-by-one.ts', [
                    testKafka(),
                    groupId,
                    ordersTopic,
                    shipmentsTopic,
                    ksqldb.endpoint,
                  ]),
                ],
                readShipment(customers),
              ),
          },
          {
            role: 'ceiling',
            what: 'kafkajs, transactional copy without look-ups',
            run: (scope) =>
              measureShipping(
                scope,
                orders,
                ({ groupId, ordersTopic, shipmentsTopic }) => [
                  startContestant(scope, 'copy-orders.ts', [testKafka(), groupId, ordersTopic, shipmentsTopic]),
                ],
                readCopy(customers),
              ),
          },
        ],
      },
    ];
  },
};
