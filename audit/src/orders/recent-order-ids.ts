import { LRUCache } from 'lru-cache';
import { fingerprint } from '../fingerprint.ts';

/** How far a copy is behind the first order with its id. */
interface CopyDistance {
  /** By the timestamps of the two messages. */
  ageMs: number;
  /** Number of orders from the first one to the copy. */
  orders: number;
}

/** The ids of the latest orders of one partition, as fingerprints. */
export interface RecentOrderIds {
  /** Adds an order. @returns the distance to an earlier order with the same id */
  add(orderId: string, at: number): CopyDistance | undefined;
  has(orderId: string | undefined): boolean;
  readonly size: number;
}

/** @param limits slightly above those of shipping-service, so that the audit recognizes every copy that shipping recognizes */
export function createRecentOrderIds({ lengthMs, limit }: { lengthMs: number; limit: number }): RecentOrderIds {
  // In a Map, finding the first entry walks over all entries that were deleted before it. No entry is read with `get`, so the
  // least recently used id is the oldest.
  const known = new LRUCache<number, { at: number; index: number }>({ max: limit });
  let index = 0;

  function dropOld(now: number): void {
    for (const id of known.rkeys()) {
      if (now - (known.peek(id)?.at ?? now) <= lengthMs) return;
      known.delete(id);
    }
  }

  return {
    add(orderId, at) {
      dropOld(at);
      index += 1;
      const id = fingerprint(orderId);
      const earlier = known.peek(id);
      if (earlier) return { ageMs: at - earlier.at, orders: index - earlier.index };
      known.set(id, { at, index });
      return undefined;
    },
    has: (orderId) => orderId !== undefined && known.peek(fingerprint(orderId)) !== undefined,
    get size() {
      return known.size;
    },
  };
}
