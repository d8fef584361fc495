import type { Violation } from '../findings/findings.ts';
import type { OrderTracker } from './order-tracker.ts';

interface SuspectsPlan {
  orders: Pick<OrderTracker, 'partitionOf'>;
  /** Whether ksqlDB has a row of this customer, also of a deleted one. */
  isKnown(customerId: number): boolean;
  /** How long an order may be passed by later orders, ms of observed time. */
  passedMs: number;
}

/**
 * Orders that look lost, because later orders of their partition were handled. Two facts confirm it:
 *
 * - shipping-service has committed a later offset, and two rounds agree. A broker that was frozen answers with its former state for
 *   a moment, and then a topic seems to be read to its end although it is not.
 * - Any other service may keep an order that has to wait wherever it likes. So its order is lost when ksqlDB has had the customer
 *   all the time that it was passed, and that was long.
 */
export function createSuspects({ orders, isKnown, passedMs }: SuspectsPlan) {
  /** When each became a suspect, ms of observed time. */
  let since = new Map<string, number>();
  let unconfirmed = 0;

  const isCertain = ({ partition = 0, offset = 0 }: Violation): boolean =>
    offset < orders.partitionOf(partition).committedUpTo;

  function mayBeShipped({ partition = 0, offset = 0 }: Violation): boolean {
    const customerId = orders.partitionOf(partition).customerOf(offset);
    return customerId === undefined || isKnown(customerId);
  }

  return {
    /** @param passed orders that later orders have passed @returns those of them that are lost */
    confirm(passed: readonly Violation[], observedMs: number): Violation[] {
      const before = since;
      since = new Map();
      unconfirmed = 0;
      return passed.filter((violation) => {
        const certain = isCertain(violation);
        if (!certain && !mayBeShipped(violation)) return false;
        const id = toId(violation);
        const suspectSince = before.get(id) ?? observedMs;
        since.set(id, suspectSince);
        const isLost = certain ? before.has(id) : observedMs - suspectSince >= passedMs;
        if (certain && !isLost) unconfirmed += 1;
        return isLost;
      });
    },

    clear(): void {
      since = new Map();
      unconfirmed = 0;
    },

    /** Number of orders that the next round decides about. */
    get unconfirmed(): number {
      return unconfirmed;
    },
  };
}

const toId = ({ partition, offset }: Violation): string => `${partition}/${offset}`;
