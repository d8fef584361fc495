/** Computes how many orders are due from the clock, so the rate does not drift when a batch takes long. Times in ms. */
export interface Pace {
  /** Starts over: the first order is due at once, and no earlier orders are due. */
  restart(now: number): void;
  /** Takes at most `most` of the due orders; the rest stays due. `skipped` counts orders that are too late to be sent. */
  take(now: number, most: number): { due: number; skipped: number };
  /** How long until an order is due; 0 when one is. */
  untilNext(now: number): number;
}

/** How many seconds of orders are sent late after a pause. More would flood the shop after every outage. */
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
