import { z } from 'zod';
import type { Product } from '../page-channel/protocol.ts';

/** ksqlDB's rows: names in capitals, the product as key. A table that just began may lack a column. */
const count = z.number().nullish();
const row = z.looseObject({ TOTAL_REFILLS: count, QUANTITY: count, MOVING_INVENTORY: count });

const mostProducts = 100;

/** The stock of every product as ksqlDB counts it. */
export interface Inventory {
  /** @returns what is left of the product now, when this is known */
  noteRow(product: string, value: unknown): number | undefined;
  products(): Product[];
}

export function createInventory(): Inventory {
  const products = new Map<string, Product>();

  return {
    noteRow(product, value) {
      const read = row.safeParse(value);
      if (!read.success || (products.size >= mostProducts && !products.has(product))) return undefined;
      const { TOTAL_REFILLS: refilled, QUANTITY: ordered, MOVING_INVENTORY: left } = read.data;
      const known = products.get(product) ?? { product, refilled: 0, ordered: 0, left: 0 };
      products.set(product, {
        product,
        refilled: refilled ?? known.refilled,
        ordered: ordered ?? known.ordered,
        left: left ?? known.left,
      });
      return left ?? undefined;
    },
    products: () => [...products.values()].sort((a, b) => a.product.localeCompare(b.product)),
  };
}
