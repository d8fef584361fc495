/** Tells how many orders are due, by the clock: nothing drifts, however long each batch takes. Times in ms. */
export interface Pace {
  /** Begins anew: the first order is due at once, and nothing is made up for. */
  restart(now: number): void;
  /** Takes what is due, `most` at the most; the rest stays due. `skipped` are orders too far behind to be made up for. */
  take(now: number, most: number): { due: number; skipped: number };
  /** How long until an order is due; 0 when one is. */
  untilNext(now: number): number;
}

/** What is made up for after a pause, in seconds of orders. More would be a flood after every outage. */
const catchUpSeconds = 1;

export function createPace(perSecond: number): Pace {
  const perMs = perSecond / 1_000;
  const mostBehind = Math.max(1, Math.floor(perSecond * catchUpSeconds));
  let origin = 0;
  let taken = 0;
  const behind = (now: number) => Math.floor((now - origin) * perMs) + 1 - taken;
  return {
    restart(now) {
      origin = now;
      taken = 0;
    },
    take(now, most) {
      const skipped = Math.max(0, behind(now) - mostBehind);
      taken += skipped;
      const due = Math.max(0, Math.min(behind(now), most));
      taken += due;
      return { due, skipped };
    },
    untilNext(now) {
      return behind(now) > 0 ? 0 : origin + taken / perMs - now;
    },
  };
}
