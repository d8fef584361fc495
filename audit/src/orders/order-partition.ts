import type { RecordPosition } from '@shop/common';
import { type Findings, violationAt } from '../findings/findings.ts';
import type { CompareOutcome } from './compare-outcome.ts';
import { createDuplicateOrders, type DuplicateOrdersPlan } from './duplicate-orders.ts';
import { createIntervalSet } from './interval-set.ts';
import { createOpenOrders } from './open-orders.ts';
import type { ReadableOrder } from './order-messages.ts';
import type { Outcome } from './unconfirmed-outcomes.ts';

interface OrderPartitionPlan extends Omit<DuplicateOrdersPlan, 'positionOf'> {
  topic: string;
  partition: number;
  /** Receives orders that do not have exactly one outcome (P1). */
  outcomeFindings: Findings;
  /** Whether the topic was recreated, so that outcomes of former orders may still arrive. */
  isRecreated: boolean;
  /** Takes an outcome that was read before its order and turns out to be another order's. */
  onMismatch(outcome: Outcome): void;
}

/** Most outcomes of one partition that are remembered until their orders are read. */
const mostEarly = 20_000;
/** Most intervals that the set of dead letters may have. */
const mostDeadIntervals = 50_000;

export type OrderPartition = ReturnType<typeof createOrderPartition>;

/**
 * The orders of one partition of `customer_orders`, and which of them have an outcome. Orders, outcomes and waiting orders
 * come from different topics, so they arrive in any order.
 */
export function createOrderPartition(plan: OrderPartitionPlan) {
  const { topic, partition, outcomeFindings, duplicateFindings, ids, isRecreated, onMismatch } = plan;
  const positionOf = (offset: number): RecordPosition => ({ topic, partition, offset });
  /** Offsets that have an outcome, and those that hold no order: transaction markers and aborted messages. */
  const settled = createIntervalSet();
  /** Those of them whose outcome is a dead letter. */
  const dead = createIntervalSet();
  const open = createOpenOrders(positionOf);
  const duplicates = createDuplicateOrders({ ...plan, positionOf });
  /** The last outcome of each order that is not read yet. */
  const early = new Map<number, Outcome>();
  let first: number | undefined;
  /** When the last order with a broker's timestamp arrived. */
  let lastAt = 0;
  let next = 0;
  let handledUpTo = 0;
  let committedUpTo = 0;
  let reached = 0;
  let count = 0;

  /** Marks offsets that hold no record. An outcome of such an offset belongs to no order. */
  function skip(from: number, to: number): void {
    for (const offset of settled.below(to + 1, from)) {
      // In a recreated topic, the outcome belongs to a former order that was deleted before the audit could read it.
      if (!isRecreated) outcomeFindings.add(violationAt('outcome_of_no_order', positionOf(offset), undefined));
      early.delete(offset);
    }
    settled.add(from, to);
  }

  /** Withdraws an outcome that was read before its order, unless it is the outcome of this order. */
  function withdrawMismatch(offset: number, orderId: string | undefined): void {
    const outcome = early.get(offset);
    if (!outcome || outcome.orderId === orderId) return;
    early.delete(offset);
    settled.delete(offset);
    dead.delete(offset);
    duplicates.withdrawDeadLetter(offset);
    open.remove(offset);
    onMismatch(outcome);
  }

  function settle(offset: number, orderId: string | undefined, outcome: RecordPosition): void {
    const known = open.get(offset)?.orderId;
    if (known !== undefined && orderId !== undefined && known !== orderId)
      outcomeFindings.add(violationAt('outcome_of_another_order', outcome, orderId, `the order there is ${known}`));
    settled.add(offset);
    open.remove(offset);
    duplicates.close(offset);
    noteHandled(offset);
  }

  /** Compares an outcome with its order, unless the order is read later or has its outcome already. */
  function compare(offset: number, compareWith: CompareOutcome): void {
    const known = offset < next ? open.get(offset) : undefined;
    if (known) compareWith(known.copied);
  }

  function noteHandled(offset: number): void {
    handledUpTo = Math.max(handledUpTo, offset);
    reached = Math.max(reached, offset + 1);
  }

  return {
    ids,
    withdrawMismatch,

    /** Whether the offset holds another order, or one that already has an outcome. */
    conflicts(offset: number, orderId: string | undefined): boolean {
      const known = offset < next ? open.get(offset) : undefined;
      return settled.has(offset) || (known !== undefined && orderId !== undefined && known.orderId !== orderId);
    },

    /** Remembers a recorded outcome until its order is read. */
    rememberEarly(outcome: Outcome): void {
      const { offset, orderId } = outcome;
      if (offset < next || orderId === undefined) return;
      if (early.size < mostEarly || early.has(offset)) early.set(offset, outcome);
    },

    /** Outcomes whose orders are not read yet. */
    earlyOutcomes: (): Iterable<Outcome> => early.values(),

    /**
     * @param writtenAt when the order arrived, ms since 1970; undefined when only its producer set the time. Such an order
     * counts as arrived together with the order before it, so that a wrong clock hides no copy.
     * @param order undefined for a message that is no order. It must end in `dead_letters` all the same.
     */
    addOrder(offset: number, writtenAt: number | undefined, order?: ReadableOrder): void {
      const orderId = order?.orderId;
      lastAt = writtenAt ?? lastAt;
      if (first === undefined) {
        first = offset;
        duplicates.setStart(offset, writtenAt);
        // Everything before was deleted by age.
        if (offset > 0) settled.add(0, offset - 1);
        for (const former of early.keys()) if (former < offset) early.delete(former);
      } else if (offset > next) skip(next, offset - 1);
      next = offset + 1;
      count += 1;
      withdrawMismatch(offset, orderId);
      early.get(offset)?.compare?.(order?.copied);
      early.delete(offset);
      const outcome = !settled.has(offset) ? 'none' : dead.has(offset) ? 'dead letter' : 'shipment';
      if (orderId !== undefined) duplicates.addOrder({ offset, orderId, writtenAt: lastAt }, outcome);
      if (outcome === 'none') open.add(offset, orderId, order?.copied);
    },

    addShipment(offset: number, orderId: string, position: RecordPosition, compareWith: CompareOutcome): void {
      if (first !== undefined && offset < first) return;
      compare(offset, compareWith);
      if (dead.has(offset))
        outcomeFindings.add(violationAt('two_places', position, orderId, 'a shipment besides a dead letter'));
      else if (settled.has(offset)) duplicateFindings.add(violationAt('shipped_twice', position, orderId));
      else if (duplicates.mustNotShip(offset)) duplicateFindings.add(violationAt('copy_shipped', position, orderId));
      settle(offset, orderId, position);
    },

    addDeadLetter(
      offset: number,
      code: string,
      {
        position,
        writtenAt,
        compareWith,
      }: { position: RecordPosition; writtenAt: number; compareWith?: CompareOutcome },
    ): void {
      if (first !== undefined && offset < first) return;
      if (compareWith) compare(offset, compareWith);
      if (settled.has(offset))
        outcomeFindings.add(violationAt('two_places', position, undefined, 'a dead letter besides another outcome'));
      else if (code === 'duplicate_order')
        duplicates.addDeadLetter(offset, offset < next ? { orderId: open.get(offset)?.orderId, writtenAt } : undefined);
      if (dead.intervals < mostDeadIntervals) dead.add(offset);
      settle(offset, undefined, position);
    },

    /** @param position in `orders_waiting` */
    addWaiting(offset: number, position: RecordPosition): void {
      if (settled.has(offset)) return;
      open.addWaiting(offset, position);
      noteHandled(offset);
    },

    /** The consumer group of shipping-service has committed this offset. */
    noteCommitted(offset: number): void {
      handledUpTo = Math.max(handledUpTo, offset);
      committedUpTo = Math.max(committedUpTo, offset);
    },

    /** Orders below this offset were handled by shipping-service. */
    get committedUpTo(): number {
      return committedUpTo;
    },

    /** The offset after the last order that has an outcome or waits in `orders_waiting`. */
    get reached(): number {
      return reached;
    },

    /** The customer of an order without an outcome; undefined for a message that is no order. */
    customerOf: (offset: number): number | undefined => open.get(offset)?.copied?.customer_id,

    /** Orders below this offset were handled: a later order was, or the consumer group has committed a later offset. */
    get handledUpTo(): number {
      return handledUpTo;
    },

    ignoreBefore: open.ignoreBefore,
    lost: open.lost,
    withoutOutcome: open.all,

    figures() {
      const { intervals, ...counts } = open.figures();
      return { orders: count, ...counts, intervals: settled.intervals + intervals };
    },
  };
}
