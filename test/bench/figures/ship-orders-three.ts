import type { Figure } from '../figure.ts';
import { shipOrders } from '../shop/measure-shipping.ts';
import { fillOrdersTopic } from '../shop/orders-topic.ts';
import { startCustomersKsqldb } from '../shop/start-customers-ksqldb.ts';

export const shipOrdersThreeFigure: Figure = {
  name: 'ship-orders-three',
  what: 'orders that three shipping-services ship together, beside one of them',
  unit: 'orders/s',
  higherIsBetter: true,
  servers: ['kafka'],
  async open(context) {
    const customers = context.quick ? 2_000 : 20_000;
    const ksqldb = await startCustomersKsqldb(context, customers);
    const orders = await fillOrdersTopic(context, context.quick ? 6_000 : 240_000, customers);
    return [
      {
        label: 'orders shipped',
        targets: [{ against: 'obvious', limit: 1 }],
        contestants: [
          {
            role: 'ours',
            what: 'three instances',
            run: (scope) => shipOrders(scope, orders, { ksqldb, customers, instances: 3 }),
          },
          {
            role: 'obvious',
            what: 'one instance',
            run: (scope) => shipOrders(scope, orders, { ksqldb, customers, instances: 1 }),
          },
        ],
      },
    ];
  },
};
