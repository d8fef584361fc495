import { randomBytes } from 'node:crypto';
import type { Order, Random } from '@shop/common';
import { v7 as uuidv7 } from 'uuid';
import type { Market } from '../market/market.ts';

/** Makes up orders on behalf of the market's customers. */
export type CreateOrders = (count: number, market: Market) => Order[];

/**
 * Every second order is for somebody who registered a moment ago and has not ordered yet, as long as there is one; the
 * others are for anybody.
 *
 * @param quantity pieces in an order, both limits included
 */
export function createOrderMaker(random: Random, quantity: { min: number; max: number }): CreateOrders {
  let served = 0;
  let servedIn: Market | undefined;
  return (count, market) => {
    if (market !== servedIn) served = 0;
    servedIn = market;
    const ordered_at = new Date().toISOString();
    // The ids' random part, fetched at once: one by one it would take a seventh of all the time at high rates.
    const bytes = randomBytes(16 * count);
    return Array.from({ length: count }, (_, index) => {
      const id = nextNewcomer(market) ?? random.pick(market.customers);
      const order = { id, product: random.pick(market.products), quantity: random.integer(quantity.min, quantity.max) };
      return { order, order_id: uuidv7({ random: bytes.subarray(16 * index, 16 * index + 16) }), ordered_at };
    });
  };

  function nextNewcomer({ newcomers }: Market): number | undefined {
    if (served === newcomers.length || random.integer(0, 1) === 0) return undefined;
    served += 1;
    return newcomers[served - 1];
  }
}
