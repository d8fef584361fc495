/** Counts the time during which the audit observed the shop. */
export interface ObservationClock {
  /** The audit observes the shop now. @param now ms since 1970 @returns observed time so far, ms */
  observe(now: number): number;
  /** Observed time at the last observation, ms. */
  readonly observedMs: number;
}

/** Most time that counts between two observations, ms. */
const longestStepMs = 5_000;

/**
 * A pause of the audit itself, such as a frozen process or a sleeping laptop, hardly counts. So the audit never reports
 * "nothing has moved for 2 minutes" about minutes in which it did not observe the shop.
 */
export function createObservationClock(): ObservationClock {
  let last: number | undefined;
  let observedMs = 0;
  return {
    observe(now) {
      observedMs += Math.min(Math.max(0, now - (last ?? now)), longestStepMs);
      last = now;
      return observedMs;
    },
    get observedMs() {
      return observedMs;
    },
  };
}
