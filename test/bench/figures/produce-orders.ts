import { createShopDatabase, fillCustomers, type Scope, testKafka } from '@shop/test-support';
import type { Figure, Round } from '../figure.ts';
import { customerOf, indexOf } from '../shop/orders-topic.ts';
import { createOrdersTopic, produceOrders } from '../shop/run-order-service.ts';
import { runContestant } from '../shop/start-compiled.ts';

export const produceOrdersFigure: Figure = {
  name: 'produce-orders',
  what: 'orders that order-service sends at full speed',
  unit: 'orders/s',
  higherIsBetter: true,
  servers: ['kafka', 'postgres'],
  async open(context) {
    const customers = context.quick ? 2_000 : 20_000;
    const seconds = context.quick ? 1 : 10;
    const database = await createShopDatabase(context);
    await fillCustomers(database.superuser, customers);
    const send = async (scope: Scope, way: 'batches' | 'one by one', orders: number): Promise<Round> => {
      const { topic, read } = await createOrdersTopic(scope);
      await runContestant(scope, 'send-orders.ts', [way, testKafka(), topic, String(orders), String(customers)]);
      const { perSecond, answers } = await read(orders, ({ order_id, customer }) => {
        const index = indexOf(order_id);
        return { index, right: customer.id === customerOf(index, customers) };
      });
      return { value: perSecond, answers };
    };
    return [
      {
        label: 'orders sent',
        targets: [{ against: 'ceiling', limit: 0.8 }],
        contestants: [
          {
            role: 'ours',
            what: 'order-service, asked for more than it can send',
            run: (scope) => produceOrders(scope, database, { customers, seconds }),
          },
          {
            role: 'obvious',
            what: 'one send per order',
            run: (scope) => send(scope, 'one by one', context.quick ? 200 : 10_000),
          },
          {
            role: 'ceiling',
            what: 'kafkajs, idempotent batches of ready messages',
            run: (scope) => send(scope, 'batches', context.quick ? 10_000 : 300_000),
          },
        ],
      },
    ];
  },
};
