/** Computes how many orders are due from the clock, so the rate does not drift when a batch takes long. Times in ms. */
export interface Pace {
  /** Starts over: the first order is due at once, and no earlier orders are due. */
  restart(now: number): void;
  /** Takes at most `most` of the due orders; the rest stays due. `skipped` counts orders that are too late to be sent. */
  take(now: number, most: number): { due: number; skipped: number };
  /** Changes the rate from now on. Orders that are due at the former rate are left out. */
  changeRate(perSecond: number, now: number): void;
  /** How long until an order is due; 0 when one is. */
  untilNext(now: number): number;
}

/** How many seconds of orders are sent late after a pause. More would flood the shop after every outage. */
const catchUpSeconds = 1;

export function createPace(initialPerSecond: number): Pace {
  let perMs = 0;
  let mostBehind = 0;
  let origin = 0;
  let taken = 0;
  setRate(initialPerSecond);

  function setRate(perSecond: number): void {
    perMs = perSecond / 1_000;
    mostBehind = Math.max(1, Math.floor(perSecond * catchUpSeconds));
  }

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
    changeRate(perSecond, now) {
      setRate(perSecond);
      // The next order is due after one interval of the new rate.
      origin = now;
      taken = 1;
    },
    untilNext(now) {
      return behind(now) > 0 ? 0 : origin + taken / perMs - now;
    },
  };
}
