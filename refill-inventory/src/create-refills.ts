import type { Product, Random, Refill } from '@shop/common';
import { v7 as uuidv7 } from 'uuid';

/** Creates one refill for each product. @param amount pieces, both limits included */
export function createRefills(products: Product[], random: Random, amount: { min: number; max: number }): Refill[] {
  const refilled_at = new Date().toISOString();
  return products.map(({ id, product }) => ({
    id,
    product,
    refill: random.integer(amount.min, amount.max),
    refill_id: uuidv7(),
    refilled_at,
  }));
}
