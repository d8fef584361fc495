import type { CompareOutcome } from './compare-outcome.ts';

/** The outcome of an order, or its move to `orders_waiting`, as one message reports it. */
export interface Outcome {
  /** Partition of the order. */
  partition: number;
  /** Offset of the order. */
  offset: number;
  /** Undefined when the message does not name the order. */
  orderId: string | undefined;
  /** Compares it with its order, when that is read later than the outcome. */
  compare?: CompareOutcome;
  /** Records the outcome in the order's partition, and reports it as a violation if it conflicts. */
  record(): void;
}

/** Most outcomes kept unconfirmed at once. Further ones are recorded immediately. */
const mostUnconfirmed = 100_000;

/**
 * Outcomes that conflict with the recorded orders. Either a service made a mistake, or the topic of orders was recreated and
 * the audit does not know it yet: it can read outcomes of new orders before the first new order. The end offsets of the topic
 * decide. An outcome is confirmed by two checks of the end offsets that both began after the outcome was read.
 */
export function createUnconfirmedOutcomes() {
  let kept: { outcome: Outcome; checksBefore: number }[] = [];
  let checks = 0;

  return {
    add(outcome: Outcome): void {
      if (kept.length >= mostUnconfirmed) outcome.record();
      else kept.push({ outcome, checksBefore: checks });
    },

    beginOffsetCheck(): void {
      checks += 1;
    },

    /** Completes the check that began last. @returns the outcomes that it confirms */
    completeOffsetCheck(): Outcome[] {
      const confirmed = kept.filter(({ checksBefore }) => checksBefore <= checks - 2);
      if (confirmed.length > 0) kept = kept.filter(({ checksBefore }) => checksBefore > checks - 2);
      return confirmed.map(({ outcome }) => outcome);
    },

    /** Removes the outcomes of one partition of orders. @returns them in the order in which they were read */
    takePartition(partition: number): Outcome[] {
      const taken = kept.filter(({ outcome }) => outcome.partition === partition);
      if (taken.length > 0) kept = kept.filter(({ outcome }) => outcome.partition !== partition);
      return taken.map(({ outcome }) => outcome);
    },

    get size(): number {
      return kept.length;
    },
  };
}
