import { Counter, Gauge, Registry } from 'prom-client';
import type { ServiceState } from '../contracts/service-status.ts';
import { describeError } from '../shop-error.ts';

export interface ReportSnapshot {
  state: ServiceState;
  /** When the state began, ISO 8601. */
  since: string;
  /** What is waited for, when the state is `waiting` or `starting`. */
  waiting_for: string[];
  counters: Record<string, number>;
  last_error: { message: string; at: string } | null;
}

/** The state of a service, for /health, /metrics and the topic `service_status`. */
export interface Report {
  setState(state: ServiceState): void;
  /** Marks a dependency as unavailable; the returned function removes the mark. */
  waitFor(dependency: string): () => void;
  /** Declares a counter; the returned function adds to it. A second declaration adds to the same counter. */
  counter(name: string, help: string): (amount?: number) => void;
  /** Declares a gauge, which is read on request. */
  gauge(name: string, help: string, read: () => number): void;
  noteError(error: unknown): void;
  snapshot(): ReportSnapshot;
  readonly registry: Registry;
}

export function createReport(): Report {
  const registry = new Registry();
  const counters = new Map<string, number>();
  const metrics = new Map<string, Counter>();
  const gauges = new Map<string, () => number>();
  const away = new Map<string, number>();
  let base: ServiceState = 'starting';
  let shown: ServiceState = 'starting';
  let since = new Date();
  let lastError: ReportSnapshot['last_error'] = null;

  function refresh(): void {
    const state = base === 'ready' && away.size > 0 ? 'waiting' : base;
    if (state !== shown) since = new Date();
    shown = state;
  }

  return {
    registry,
    setState(state) {
      base = state;
      refresh();
    },
    waitFor(dependency) {
      away.set(dependency, (away.get(dependency) ?? 0) + 1);
      refresh();
      let over = false;
      return () => {
        if (over) return;
        over = true;
        const left = (away.get(dependency) ?? 1) - 1;
        if (left > 0) away.set(dependency, left);
        else away.delete(dependency);
        refresh();
      };
    },
    counter(name, help) {
      const metric = metrics.get(name) ?? new Counter({ name: `shop_${name}_total`, help, registers: [registry] });
      metrics.set(name, metric);
      counters.set(name, counters.get(name) ?? 0);
      return (amount = 1) => {
        metric.inc(amount);
        counters.set(name, (counters.get(name) ?? 0) + amount);
      };
    },
    gauge(name, help, read) {
      gauges.set(name, read);
      new Gauge({
        name: `shop_${name}`,
        help,
        registers: [registry],
        collect() {
          this.set(read());
        },
      });
    },
    noteError(error) {
      lastError = { message: describeError(error), at: new Date().toISOString() };
    },
    snapshot: () => ({
      state: shown,
      since: since.toISOString(),
      waiting_for: [...away.keys()],
      counters: {
        ...Object.fromEntries(counters),
        ...Object.fromEntries([...gauges].map(([name, read]) => [name, read()])),
      },
      last_error: lastError,
    }),
  };
}
