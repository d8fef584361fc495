import { randomBytes } from 'node:crypto';
import { type CommandHandlers, CommandRefused, readProducts } from '@shop/common';
import type { Pool } from 'pg';
import { v7 as uuidv7 } from 'uuid';
import { readCustomers } from '../sample/read-sample.ts';
import type { PlacedOrders } from './place-orders.ts';

interface Changeable {
  perSecond: number;
  quantity: { min: number; max: number };
}

interface Parts {
  postgres: Pick<Pool, 'query'>;
  placed: PlacedOrders;
  /** The settings of docker-compose.yml. */
  initial: Changeable;
  changeRate(perSecond: number): void;
  changeQuantity(quantity: Changeable['quantity']): void;
  /** Ends with the service. */
  signal: AbortSignal;
}

/** Products that a refusal lists. */
const mostListed = 20;

/** What order-service obeys. A restart goes back to the settings. */
export function createOrderCommands({
  postgres,
  placed,
  initial,
  changeRate,
  changeQuantity,
  signal,
}: Parts): CommandHandlers {
  return {
    'set-rate'({ orders_per_second }) {
      changeRate(orders_per_second);
      return { orders_per_second };
    },
    'set-quantity'({ min, max }) {
      if (min > max) throw new CommandRefused(`min ${min} is above max ${max}`);
      changeQuantity({ min, max });
      return { min, max };
    },
    reset() {
      changeRate(initial.perSecond);
      changeQuantity(initial.quantity);
      return { orders_per_second: initial.perSecond, ...initial.quantity };
    },
    async order({ customer_id, product, quantity = 1 }) {
      const [customer] = await readCustomers(postgres, [customer_id]);
      if (!customer) throw new CommandRefused(`there is no customer ${customer_id}`);
      const products = await readProducts(postgres);
      const found = products.find((each) => each.product === product);
      if (!found) {
        const sold = products.slice(0, mostListed).map((each) => each.product);
        throw new CommandRefused(`there is no product ${product}; the shop has ${sold.join(', ') || 'none'}`);
      }
      const { id, first_name, last_name } = customer;
      const order = {
        order_id: uuidv7({ random: randomBytes(16) }),
        customer: { id, first_name, last_name },
        order: { id: found.id, product: found.product, quantity },
        ordered_at: new Date().toISOString(),
      };
      if (!(await placed.place(order, signal)))
        throw new CommandRefused(`Kafka did not confirm order ${order.order_id}; it is not sent again`);
      return { order_id: order.order_id, customer_id, product: found.product, quantity };
    },
  };
}
