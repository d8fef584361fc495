import { randomBytes } from 'node:crypto';
import { type CommandHandlers, CommandRefused, readProducts } from '@shop/common';
import type { Pool } from 'pg';
import { v7 as uuidv7 } from 'uuid';
import { readCustomers } from '../sample/read-sample.ts';
import type { PlacedOrders } from './place-orders.ts';
import { chooseTraffic, type Traffic, usualTraffic } from './traffic.ts';

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
  changeTraffic(traffic: Traffic): void;
  /** Ends with the service. */
  signal: AbortSignal;
}

/** Most orders per second that a factor results in. */
const mostPerSecond = 2_000;

/** Products that a refusal lists. */
const mostListed = 20;

/** What order-service obeys. A restart goes back to the settings. */
export function createOrderCommands({
  postgres,
  placed,
  initial,
  changeRate,
  changeQuantity,
  changeTraffic,
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
    async 'set-traffic'(wanted) {
      const shares = {
        oneProductShare: wanted.one_product_share ?? 0,
        oneCustomerShare: wanted.one_customer_share ?? 0,
        lateShare: wanted.late_share ?? 0,
        sentTwiceShare: wanted.sent_twice_share ?? 0,
        unreadableShare: wanted.unreadable_share ?? 0,
      };
      const traffic = await chooseTraffic(postgres, shares, wanted.seed);
      const orders_per_second = multiplyRate(initial.perSecond, wanted.times ?? 1);
      changeTraffic(traffic);
      changeRate(orders_per_second);
      return { orders_per_second, ...(traffic.customer && { customer_id: traffic.customer.id }) };
    },
    reset() {
      changeTraffic(usualTraffic);
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

/** A factor above 1 stops at the limit, and never lowers a rate of the settings that is above it. */
const multiplyRate = (perSecond: number, times: number) =>
  Math.min(perSecond * times, Math.max(perSecond, mostPerSecond));
