import type { RecordPosition } from '@shop/common';
import { type Violation, violationAt } from '../findings/findings.ts';
import type { CopiedFields } from './compare-outcome.ts';
import { createIntervalSet } from './interval-set.ts';

/** An order without an outcome. */
interface OpenOrder {
  orderId: string | undefined;
  /** Undefined for a message that is no order. */
  copied?: CopiedFields | undefined;
  /** Its latest position in `orders_waiting`. */
  waitingAt?: RecordPosition;
}

/** Most open orders of one partition whose id and position in `orders_waiting` are remembered. */
const mostDetails = 100_000;

/** The orders of one partition that have no outcome. An order can be known to wait before it is read. */
export function createOpenOrders(positionOf: (offset: number) => RecordPosition) {
  const offsets = createIntervalSet();
  const details = new Map<number, OpenOrder>();
  let ignoredBefore = 0;

  function* relevantBelow(end: number): Iterable<number> {
    for (const offset of offsets.below(end)) if (offset >= ignoredBefore) yield offset;
  }

  return {
    add(offset: number, orderId: string | undefined, copied?: CopiedFields): void {
      offsets.add(offset);
      // The message in orders_waiting may have been read first.
      if (details.size < mostDetails || details.has(offset))
        details.set(offset, { ...details.get(offset), orderId, copied });
    },

    addWaiting(offset: number, waitingAt: RecordPosition): void {
      const known = details.get(offset);
      if (known || details.size < mostDetails) details.set(offset, { ...known, orderId: known?.orderId, waitingAt });
    },

    get: (offset: number): OpenOrder | undefined => details.get(offset),

    remove(offset: number): void {
      offsets.delete(offset);
      details.delete(offset);
    },

    /** Reports no order below this offset: its outcome may have been deleted by age before the audit could read it. */
    ignoreBefore(offset: number): void {
      ignoredBefore = Math.max(ignoredBefore, offset);
    },

    /**
     * Orders that were handled but have no outcome.
     *
     * @param handledUpTo orders below this offset were handled
     * @param waitingHandled the same for `orders_waiting`, by partition
     */
    lost(handledUpTo: number, waitingHandled: ReadonlyMap<number, number>): Violation[] {
      const found: Violation[] = [];
      for (const offset of relevantBelow(handledUpTo)) {
        const { orderId, waitingAt } = details.get(offset) ?? {};
        if (waitingAt && waitingAt.offset >= (waitingHandled.get(waitingAt.partition) ?? 0)) continue;
        found.push(violationAt('lost', positionOf(offset), orderId, waitingAt && 'after it had waited'));
      }
      return found;
    },

    /** All orders without an outcome, waiting ones included. A shop at rest must have none. */
    all(): Violation[] {
      return [...relevantBelow(Number.POSITIVE_INFINITY)].map((offset) => {
        const { orderId, waitingAt } = details.get(offset) ?? {};
        return violationAt(waitingAt ? 'still_waiting' : 'no_outcome', positionOf(offset), orderId);
      });
    },

    figures() {
      let waiting = 0;
      for (const { waitingAt } of details.values()) if (waitingAt) waiting += 1;
      return { open: offsets.size, waiting, intervals: offsets.intervals };
    },
  };
}
