import { LRUCache } from 'lru-cache';

/** Most orders without an outcome that are remembered. Beyond that the oldest are forgotten, which does not make them lost. */
const mostOrders = 200_000;
const mostClosedEarly = 10_000;

/** Orders that have no outcome yet. */
export interface OpenOrders {
  opened(orderId: string, orderedAt: number): void;
  closed(orderId: string): void;
  picture(): { count: number; oldest_ms: number };
}

export function createOpenOrders(now: () => number = Date.now): OpenOrders {
  // Never read with `get`, so that the least recently used one is the oldest.
  const open = new LRUCache<string, number>({ max: mostOrders });
  // An outcome can be read before its order: they come from different partitions.
  const closedEarly = new LRUCache<string, true>({ max: mostClosedEarly });

  return {
    opened(orderId, orderedAt) {
      if (closedEarly.delete(orderId)) return;
      open.set(orderId, orderedAt);
    },
    closed(orderId) {
      if (!open.delete(orderId)) closedEarly.set(orderId, true);
    },
    picture() {
      const oldest = open.rvalues().next().value;
      return { count: open.size, oldest_ms: oldest === undefined ? 0 : Math.max(0, now() - oldest) };
    },
  };
}
