/** Milliseconds of looking so far. */
export interface LookClock {
  /** The audit looks at the shop now. @param now ms since 1970 @returns the clock's time */
  look(now: number): number;
  /** The clock's time at the last look. */
  readonly at: number;
}

/** What the time between two looks counts for at most, ms. */
const mostMs = 5_000;

/**
 * Counts the time during which the audit looked. A pause of the audit itself, a frozen process or a sleeping laptop, hardly
 * counts, so that "nothing moved for so long" is never said of a time in which the audit did not look.
 */
export function createLookClock(): LookClock {
  let last: number | undefined;
  let looked = 0;
  return {
    look(now) {
      looked += Math.min(Math.max(0, now - (last ?? now)), mostMs);
      last = now;
      return looked;
    },
    get at() {
      return looked;
    },
  };
}
