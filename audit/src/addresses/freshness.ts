import { createHistogram } from '../findings/histogram.ts';

/** Minutes that decide whether the target is met now. */
const recentMinutes = 10;

export type Freshness = ReturnType<typeof createFreshness>;

/** For how long shipped addresses had not been the current ones: a service level, never a verdict. */
export function createFreshness(targetMs: number) {
  const staleness = createHistogram();
  let late = 0;
  /** By minute, oldest first. */
  let recent: { minute: number; measured: number; late: number }[] = [];

  function bucketOf(now: number) {
    const minute = Math.floor(now / 60_000);
    const last = recent.at(-1);
    if (last?.minute === minute) return last;
    const made = { minute, measured: 0, late: 0 };
    recent = [...recent, made].slice(-recentMinutes);
    return made;
  }

  return {
    add(staleMs: number, now: number): void {
      staleness.add(staleMs);
      const bucket = bucketOf(now);
      bucket.measured += 1;
      if (staleMs <= targetMs) return;
      late += 1;
      bucket.late += 1;
    },

    figures: () => ({
      freshness_p50_ms: staleness.quantile(0.5),
      freshness_p99_ms: staleness.quantile(0.99),
      freshness_max_ms: staleness.max,
      freshness_target_ms: targetMs,
      freshness_measured: staleness.count,
      freshness_late: late,
    }),

    /** Whether every address of the last minutes was fresh enough. */
    level(now: number): { met: boolean; text: string } {
      const since = Math.floor(now / 60_000) - recentMinutes;
      const counted = recent.filter(({ minute }) => minute > since);
      const lateNow = counted.reduce((sum, each) => sum + each.late, 0);
      const measured = counted.reduce((sum, each) => sum + each.measured, 0);
      const text = `${lateNow} of ${measured} addresses of the last ${recentMinutes} min were older than ${targetMs / 1_000} s`;
      return { met: lateNow === 0, text };
    },
  };
}
