/** What a message says that an order has come to, or that it waits. */
export interface Outcome {
  /** Of the order. */
  partition: number;
  offset: number;
  /** None when the message does not name the order. */
  orderId: string | undefined;
  /** Enters it into the books of the order's partition, wrong or not. */
  enter(): void;
}

/** Outcomes in doubt at once; what comes beyond is taken at its word. */
const mostDoubtful = 100_000;

/**
 * Outcomes that the books contradict. Either somebody has done wrong, or the topic of orders was made anew and the books do
 * not know: outcomes of new orders can be read before the first new order. Where a topic ends tells, but only the second
 * look is sure of it, and only looks that began after the outcome was read.
 */
export function createDoubtfulOutcomes() {
  let held: { outcome: Outcome; looks: number }[] = [];
  let looks = 0;

  return {
    hold(outcome: Outcome): void {
      if (held.length >= mostDoubtful) outcome.enter();
      else held.push({ outcome, looks });
    },

    beginLook(): void {
      looks += 1;
    },

    /** The look that was begun last has ended: @returns outcomes of which there is no doubt any more */
    endLook(): Outcome[] {
      const sure = held.filter((one) => one.looks <= looks - 2);
      if (sure.length > 0) held = held.filter((one) => one.looks > looks - 2);
      return sure.map(({ outcome }) => outcome);
    },

    /** Those of a partition of orders, in the order in which they were read. */
    take(partition: number): Outcome[] {
      const taken = held.filter(({ outcome }) => outcome.partition === partition);
      if (taken.length > 0) held = held.filter(({ outcome }) => outcome.partition !== partition);
      return taken.map(({ outcome }) => outcome);
    },

    get size(): number {
      return held.length;
    },
  };
}
