import { LRUCache } from 'lru-cache';
import { fingerprint } from '../fingerprint.ts';

/** How far a second copy stands behind the first one. */
export interface Distance {
  /** By the timestamps of the two messages. */
  ageMs: number;
  /** Orders between them. */
  orders: number;
}

/** The ids of the last orders of one partition, as fingerprints. */
export interface IdWindow {
  /** Notes an order; gives the distance to an earlier one of the same id. */
  note(orderId: string, at: number): Distance | undefined;
  has(orderId: string | undefined): boolean;
  readonly size: number;
}

/** @param limits a little more than what shipping-service remembers, so that what it calls a copy is found here */
export function createIdWindow({ lengthMs, limit }: { lengthMs: number; limit: number }): IdWindow {
  // No Map: looking for its first entry walks over all that were deleted before it. Nothing is ever read with `get`, so the
  // least recently used id is the oldest.
  const seen = new LRUCache<number, { at: number; index: number }>({ max: limit });
  let index = 0;

  function dropOld(now: number): void {
    for (const id of seen.rkeys()) {
      if (now - (seen.peek(id)?.at ?? now) <= lengthMs) return;
      seen.delete(id);
    }
  }

  return {
    note(orderId, at) {
      dropOld(at);
      index += 1;
      const id = fingerprint(orderId);
      const earlier = seen.peek(id);
      if (earlier) return { ageMs: at - earlier.at, orders: index - earlier.index };
      seen.set(id, { at, index });
      return undefined;
    },
    has: (orderId) => orderId !== undefined && seen.peek(fingerprint(orderId)) !== undefined,
    get size() {
      return seen.size;
    },
  };
}
