import { createHistogram } from 'node:perf_hooks';

/** Minutes that decide whether the target is met now. */
const recentMinutes = 10;

export type Freshness = ReturnType<typeof createFreshness>;

/** Measures how long shipped addresses had been out of date in Postgres: a service level, never a violation. */
export function createFreshness(targetMs: number) {
  // Three digits. The lowest value that the histogram takes is 1, and most addresses are 0 ms old, so it holds ms + 1.
  const staleness = createHistogram({ figures: 3 });
  /** The histogram rounds its own maximum. */
  let max: number | null = null;
  let late = 0;
  /** By minute, oldest first. */
  let recent: { minute: number; measured: number; late: number }[] = [];

  function bucketOf(now: number) {
    const minute = Math.floor(now / 60_000);
    const last = recent.at(-1);
    if (last?.minute === minute) return last;
    const bucket = { minute, measured: 0, late: 0 };
    recent = [...recent, bucket].slice(-recentMinutes);
    return bucket;
  }

  const percentile = (percent: number): number | null =>
    max === null ? null : Math.min(max, staleness.percentile(percent) - 1);

  return {
    /** @param staleMs whole number, at least 0; not finite when the history does not show when the address was replaced */
    add(staleMs: number, now: number): void {
      if (!Number.isFinite(staleMs)) return;
      staleness.record(staleMs + 1);
      max = Math.max(max ?? 0, staleMs);
      const bucket = bucketOf(now);
      bucket.measured += 1;
      if (staleMs <= targetMs) return;
      late += 1;
      bucket.late += 1;
    },

    figures: () => ({
      freshness_p50_ms: percentile(50),
      freshness_p99_ms: percentile(99),
      freshness_max_ms: max,
      freshness_target_ms: targetMs,
      freshness_measured: staleness.count,
      freshness_late: late,
    }),

    /** Whether every address of the last minutes was fresh enough. */
    level(now: number): { met: boolean; text: string } {
      const since = Math.floor(now / 60_000) - recentMinutes;
      const counted = recent.filter(({ minute }) => minute > since);
      const lateNow = counted.reduce((sum, bucket) => sum + bucket.late, 0);
      const measured = counted.reduce((sum, bucket) => sum + bucket.measured, 0);
      const text = `${lateNow} of ${measured} addresses of the last ${recentMinutes} min were older than ${targetMs / 1_000} s`;
      return { met: lateNow === 0, text };
    },
  };
}
