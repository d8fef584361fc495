import type { Flow } from '../messages/picture.ts';

/** Rates are means over so many full seconds. */
const windowSeconds = 5;

/** How many messages each topic has carried, and how fast they arrive. */
export interface Flows {
  /** @param past counted, but not as arriving now */
  count(topic: string, past: boolean): void;
  flows(): Flow[];
  /** Since the last message that arrived, in ms. */
  quietMs(): number | null;
}

export function createFlows(now: () => number = Date.now): Flows {
  const topics = new Map<string, { total: number; ring: { second: number; count: number }[] }>();
  let last: number | null = null;

  return {
    count(topic, past) {
      const flow = topics.get(topic) ?? { total: 0, ring: [] };
      topics.set(topic, flow);
      flow.total += 1;
      if (past) return;
      last = now();
      const second = Math.floor(last / 1_000);
      const slot = second % (windowSeconds + 1);
      const known = flow.ring[slot];
      if (known?.second === second) known.count += 1;
      else flow.ring[slot] = { second, count: 1 };
    },
    flows() {
      const current = Math.floor(now() / 1_000);
      return [...topics].map(([topic, { total, ring }]) => {
        const full = ring.filter((slot) => slot && slot.second < current && slot.second >= current - windowSeconds);
        const counted = full.reduce((sum, { count }) => sum + count, 0);
        return { topic, total, per_second: counted / windowSeconds };
      });
    },
    quietMs: () => (last === null ? null : now() - last),
  };
}
