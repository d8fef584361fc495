import { createHistogram, type RecordableHistogram } from 'node:perf_hooks';
import type { Second } from '../messages/shop-seconds.ts';

/** How far back the charts reach. */
const keptSeconds = 15 * 60;

interface Bin extends Second {
  waits: RecordableHistogram | undefined;
}

/** What happened in each second, by the timestamps of the messages. */
export interface Seconds {
  countOrder(timestamp: number): void;
  /** @param waitedMs from order to shipment; only of delivered orders */
  countShipment(timestamp: number, outcome: 'delivered' | 'undeliverable', waitedMs?: number): void;
  noteLeft(timestamp: number, product: string, left: number): void;
  /** The seconds from `from` on that hold anything, oldest first. */
  since(from: number): Second[];
  /** Percentiles of the last so many seconds together. */
  waits(seconds: number): { p50: number; p99: number; count: number } | null;
}

export function createSeconds(now: () => number = Date.now): Seconds {
  const bins = new Map<number, Bin>();

  /** `undefined` when the time is too old. A clock ahead of this one's creates no future seconds. */
  function binAt(timestamp: number): Bin | undefined {
    const current = Math.floor(now() / 1_000);
    const second = Math.min(Math.floor(timestamp / 1_000), current);
    if (second <= current - keptSeconds) return undefined;
    const known = bins.get(second);
    if (known) return known;
    for (const old of bins.keys()) if (old <= current - keptSeconds) bins.delete(old);
    const bin: Bin = {
      second,
      orders: 0,
      delivered: 0,
      undeliverable: 0,
      p50: null,
      p99: null,
      left: {},
      waits: undefined,
    };
    bins.set(second, bin);
    return bin;
  }

  return {
    countOrder(timestamp) {
      const bin = binAt(timestamp);
      if (bin) bin.orders += 1;
    },
    countShipment(timestamp, outcome, waitedMs) {
      const bin = binAt(timestamp);
      if (!bin) return;
      bin[outcome] += 1;
      if (waitedMs === undefined) return;
      bin.waits ??= createHistogram({ figures: 2 });
      bin.waits.record(toRecordable(waitedMs));
    },
    noteLeft(timestamp, product, left) {
      const bin = binAt(timestamp);
      if (bin) bin.left[product] = left;
    },
    since(from) {
      const wanted = [...bins.values()].filter(({ second }) => second >= from).sort((a, b) => a.second - b.second);
      return wanted.map(({ waits, ...second }) => ({
        ...second,
        left: { ...second.left },
        p50: waits ? waits.percentile(50) : null,
        p99: waits ? waits.percentile(99) : null,
      }));
    },
    waits(seconds) {
      const together = createHistogram({ figures: 2 });
      const from = Math.floor(now() / 1_000) - seconds;
      for (const { second, waits } of bins.values()) if (waits && second >= from) together.add(waits);
      if (together.count === 0) return null;
      return { p50: together.percentile(50), p99: together.percentile(99), count: together.count };
    },
  };
}

/** Histograms take whole numbers from 1. */
const toRecordable = (ms: number) => Math.min(Math.max(1, Math.round(ms)), Number.MAX_SAFE_INTEGER);
