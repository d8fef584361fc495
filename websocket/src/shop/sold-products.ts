import { LRUCache } from 'lru-cache';

/** Refills of other products after which a product without refills counts as no longer sold. Partitions are read at different times. */
const roundsMissed = 3;
/** Products whose refills are remembered. */
const mostRemembered = 1_000;

/** Which products the shop sells now. */
export interface SoldProducts {
  /** @param at when Kafka took the refill, ms since 1970 */
  noteRefill(product: string, at: number): void;
  isSold(product: string): boolean;
}

/**
 * refill-inventory refills every row of the table `products` in each round. So a product that misses rounds was deleted or renamed.
 * While nothing is refilled, every product counts as sold.
 */
export function createSoldProducts(now: () => number = Date.now): SoldProducts {
  /** The times of the last refills, newest first. */
  const refills = new LRUCache<string, number[]>({ max: mostRemembered });
  let soldSince = Number.NEGATIVE_INFINITY;
  return {
    noteRefill(product, at) {
      // A producer's clock that is ahead must not make every other product look old.
      const times = [Math.min(at, now()), ...(refills.get(product) ?? [])].slice(0, roundsMissed);
      refills.set(product, times);
      soldSince = Math.max(soldSince, times[roundsMissed - 1] ?? soldSince);
    },
    isSold: (product) => (refills.peek(product)?.[0] ?? Number.NEGATIVE_INFINITY) >= soldSince,
  };
}
