import { randomBytes } from 'node:crypto';
import type { Order, Product, Random } from '@shop/common';
import { v7 as uuidv7 } from 'uuid';
import type { OrderingCustomer, Sample } from '../sample/sample.ts';
import { happens, type Traffic, usualTraffic } from './traffic.ts';

/** Creates orders on behalf of the customers in the sample. */
export type CreateOrders = (count: number, sample: Sample) => Order[];

/** Most time between placing a late order and sending it, ms. */
const latestMs = 3_600_000;

/**
 * Gives every second order to a customer who registered a moment ago and has not ordered yet, as long as there is one.
 * The others go to any customer of the sample.
 *
 * @param quantity pieces in an order, both limits included; read for every order, because a command may change it
 * @param traffic read for every order, too
 */
export function createOrderMaker(
  random: Random,
  quantity: { min: number; max: number },
  traffic: Traffic = usualTraffic,
): CreateOrders {
  let served = 0;
  let servedIn: Sample | undefined;
  return (count, sample) => {
    if (sample !== servedIn) served = 0;
    servedIn = sample;
    const now = Date.now();
    const orderedAt = new Date(now).toISOString();
    // Random bytes for all ids in one call: one call per id takes a seventh of the CPU time at high rates.
    const bytes = randomBytes(16 * count);
    return Array.from({ length: count }, (_, index) => {
      const { id, first_name, last_name } = chooseCustomer(sample);
      const { id: productId, product } = chooseProduct(sample);
      const isLate = happens(traffic.lateShare, random);
      return {
        order_id: uuidv7({ random: bytes.subarray(16 * index, 16 * index + 16) }),
        customer: { id, first_name, last_name },
        order: { id: productId, product, quantity: random.integer(quantity.min, quantity.max) },
        ordered_at: isLate ? new Date(now - random.integer(0, latestMs)).toISOString() : orderedAt,
      };
    });
  };

  function chooseCustomer(sample: Sample): OrderingCustomer {
    if (traffic.customer && happens(traffic.oneCustomerShare, random)) return traffic.customer;
    return nextNewcomer(sample) ?? random.pick(sample.customers);
  }

  function chooseProduct({ products }: Sample): Product {
    const one = happens(traffic.oneProductShare, random) ? traffic.pickProduct(products) : undefined;
    return one ?? random.pick(products);
  }

  function nextNewcomer({ newcomers }: Sample): OrderingCustomer | undefined {
    if (served === newcomers.length || random.integer(0, 1) === 0) return undefined;
    served += 1;
    return newcomers[served - 1];
  }
}
