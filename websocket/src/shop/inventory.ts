import { finalInventoryRow } from '@shop/common';
import type { Product } from '../messages/picture.ts';
import { createSoldProducts } from './sold-products.ts';

const mostProducts = 100;

/** The stock of every product as ksqlDB counts it. */
export interface Inventory {
  /** @returns what is left of the product now, when this is known */
  noteRow(product: string, value: unknown): number | undefined;
  /** @param at when Kafka took the refill, ms since 1970 */
  noteRefill(product: string, at: number): void;
  /** By name, those that are sold first. */
  products(): Product[];
}

export function createInventory(): Inventory {
  const products = new Map<string, Omit<Product, 'sold'>>();
  const sold = createSoldProducts();

  /** @returns whether there is room for one more; a product that is no longer sold makes room */
  function makeRoom(): boolean {
    if (products.size < mostProducts) return true;
    const unsold = [...products.keys()].find((product) => !sold.isSold(product));
    return unsold !== undefined && products.delete(unsold);
  }

  return {
    noteRow(product, value) {
      const read = finalInventoryRow.safeParse(value);
      if (!read.success || (!products.has(product) && !makeRoom())) return undefined;
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
    noteRefill: sold.noteRefill,
    products: () =>
      [...products.values()]
        .map((each) => ({ ...each, sold: sold.isSold(each.product) }))
        .sort((a, b) => Number(b.sold) - Number(a.sold) || a.product.localeCompare(b.product)),
  };
}
