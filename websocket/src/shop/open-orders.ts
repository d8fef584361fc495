/** Orders that are remembered without an outcome; above it the oldest are taken for lost from view, not lost. */
const mostOrders = 200_000;

/** Orders that have no outcome yet. */
export interface OpenOrders {
  opened(orderId: string, orderedAt: number): void;
  closed(orderId: string): void;
  picture(): { count: number; oldest_ms: number };
}

export function createOpenOrders(now: () => number = Date.now): OpenOrders {
  const open = new Map<string, number>();
  // An outcome can be read before its order: they come from different partitions.
  const closedEarly = new Set<string>();

  return {
    opened(orderId, orderedAt) {
      if (closedEarly.delete(orderId)) return;
      open.set(orderId, orderedAt);
      if (open.size > mostOrders) dropFirst(open);
    },
    closed(orderId) {
      if (open.delete(orderId)) return;
      closedEarly.add(orderId);
      if (closedEarly.size > 10_000) dropFirst(closedEarly);
    },
    picture() {
      const [oldest] = open.values();
      return { count: open.size, oldest_ms: oldest === undefined ? 0 : Math.max(0, now() - oldest) };
    },
  };
}

function dropFirst(entries: { keys(): Iterator<string>; delete(key: string): boolean }): void {
  const first = entries.keys().next();
  if (!first.done) entries.delete(first.value);
}
