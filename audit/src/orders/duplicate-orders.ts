import type { RecordPosition } from '@shop/common';
import { type Findings, violationAt } from '../findings/findings.ts';
import { createIntervalSet } from './interval-set.ts';
import type { RecentOrderIds } from './recent-order-ids.ts';

export interface DuplicateOrdersPlan {
  /** Receives orders that are called duplicates but are none (P1). */
  outcomeFindings: Findings;
  /** Receives copies that were shipped (P2). */
  duplicateFindings: Findings;
  ids: RecentOrderIds;
  /** Limits within which shipping-service must recognize a copy. */
  window: { lengthMs: number; orders: number };
  positionOf(offset: number): RecordPosition;
}

/** Recognizes the copies among the orders of one partition, and compares them with what shipping-service calls a duplicate. */
export function createDuplicateOrders(plan: DuplicateOrdersPlan) {
  const { outcomeFindings, duplicateFindings, ids, window, positionOf } = plan;
  /** Copies without an outcome. */
  const copies = createIntervalSet();
  /** Those of them that are within the window. */
  const mustNotShip = createIntervalSet();
  /** Orders that a dead letter calls duplicates, and that are not read yet. */
  const reported = createIntervalSet();
  let start = { offset: Number.POSITIVE_INFINITY, writtenAt: Number.POSITIVE_INFINITY };

  /** Near the start of the partition, the first order may have been deleted by age. */
  function reportNoCopy(offset: number, writtenAt: number, orderId: string | undefined): void {
    const startIsKnown = start.offset === 0 || writtenAt - start.writtenAt > 2 * window.lengthMs;
    if (startIsKnown)
      outcomeFindings.add(violationAt('not_a_copy', positionOf(offset), orderId, 'dead letter duplicate_order'));
  }

  return {
    /** Sets the first order that the partition still has. */
    setStart(offset: number, writtenAt: number | undefined): void {
      start = { offset, writtenAt: writtenAt ?? Number.POSITIVE_INFINITY };
    },

    /** @param outcome what was read before the order */
    addOrder(
      { offset, orderId, writtenAt }: { offset: number; orderId: string; writtenAt: number },
      outcome: 'none' | 'dead letter' | 'shipment',
    ): void {
      const distance = ids.add(orderId, writtenAt);
      const isReported = reported.has(offset);
      reported.delete(offset);
      if (!distance) {
        if (isReported) reportNoCopy(offset, writtenAt, orderId);
        return;
      }
      const isInWindow = distance.ageMs <= window.lengthMs && distance.orders <= window.orders;
      if (outcome === 'none') {
        copies.add(offset);
        if (isInWindow) mustNotShip.add(offset);
      } else if (isInWindow && outcome === 'shipment')
        duplicateFindings.add(violationAt('copy_shipped', positionOf(offset), orderId));
    },

    /** Takes a dead letter `duplicate_order` of an order. @param order undefined when the order is not read yet */
    addDeadLetter(offset: number, order: { orderId: string | undefined; writtenAt: number } | undefined): void {
      if (copies.has(offset)) return;
      if (order) reportNoCopy(offset, order.writtenAt, order.orderId);
      else reported.add(offset);
    },

    mustNotShip: (offset: number): boolean => mustNotShip.has(offset),

    /** The order has its outcome. */
    close(offset: number): void {
      copies.delete(offset);
      mustNotShip.delete(offset);
    },

    /** A dead letter that was read before the order belongs to another order. */
    withdrawDeadLetter(offset: number): void {
      reported.delete(offset);
    },
  };
}
