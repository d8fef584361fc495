import type { Findings, Violation } from '../findings/findings.ts';
import { createIntervalSet } from './interval-set.ts';
import type { IdWindow } from './recent-order-ids.ts';
import type { Outcome } from './unconfirmed-outcomes.ts';

/** A place in a topic. */
export interface Place {
  topic: string;
  partition: number;
  offset: number;
}

/** An order without an outcome so far. */
interface OpenOrder {
  orderId: string | undefined;
  /** Where it stood last in `orders_waiting`. */
  waitingAt?: Place;
}

export interface OrderPartitionPlan {
  topic: string;
  partition: number;
  /** One place for every order. */
  placed: Findings;
  /** No order twice. */
  twice: Findings;
  ids: IdWindow;
  /** Of shipping-service: copies within both are to be found out. */
  window: { lengthMs: number; orders: number };
  /** The topic was made anew: there were other books before. */
  renewed: boolean;
  /** An outcome that was read before its order turns out to be one of another order. */
  onDoubt(outcome: Outcome): void;
}

/** Orders without an outcome whose id and place in `orders_waiting` are remembered, per partition. */
const mostDetails = 100_000;
/** Outcomes read before their orders that are remembered, per partition. */
const mostEarly = 20_000;
/** Gaps that the memory of dead letters may have. */
const mostDeadIntervals = 50_000;

export type OrderPartition = ReturnType<typeof createOrderPartition>;

/**
 * The books of one partition of `customer_orders`: which orders there are, and which of them have come to their outcome.
 * Orders, outcomes and waiting orders come from different topics, and so in any order.
 */
export function createOrderPartition(plan: OrderPartitionPlan) {
  const { topic, partition, placed, twice, ids, window, renewed, onDoubt } = plan;
  /** Offsets that have their outcome, and those that are no order: markers of transactions, what was aborted. */
  const settled = createIntervalSet();
  /** Those of them that are in `dead_letters`. */
  const dead = createIntervalSet();
  const open = createIntervalSet();
  const details = new Map<number, OpenOrder>();
  /** The last outcome of each order that was not read yet. */
  const early = new Map<number, Outcome>();
  const copies = createIntervalSet();
  const mustNotShip = createIntervalSet();
  /** Called a copy before the order itself was read. */
  const calledCopies = createIntervalSet();
  let first: number | undefined;
  let firstAt = Number.POSITIVE_INFINITY;
  /** When the last order with a broker's timestamp arrived. */
  let lastAt = 0;
  let next = 0;
  let ignoredBefore = 0;
  let passed = 0;
  let count = 0;

  const at = (offset: number): Place => ({ topic, partition, offset });
  const name = (problem: string, place: Place, orderId: string | undefined, detail?: string): Violation => ({
    problem,
    ...(orderId !== undefined && { order_id: orderId }),
    ...place,
    ...(detail !== undefined && { detail }),
  });

  /** Offsets that no record has: an outcome of one of them is the outcome of nothing. */
  function skip(from: number, to: number): void {
    for (const offset of settled.below(to + 1, from)) {
      // After another topic, it is an outcome of an order that was gone before it could be read.
      if (!renewed) placed.add(name('outcome_of_no_order', at(offset), undefined));
      early.delete(offset);
    }
    settled.add(from, to);
  }

  /** Takes back an outcome that was read before the order, unless it is one of this order. */
  function takeBackOther(offset: number, orderId: string | undefined): void {
    const outcome = early.get(offset);
    if (!outcome || outcome.orderId === orderId) return;
    early.delete(offset);
    for (const set of [settled, dead, calledCopies]) set.delete(offset);
    details.delete(offset);
    onDoubt(outcome);
  }

  function settle(offset: number, orderId: string | undefined, outcome: Place): void {
    const known = details.get(offset);
    if (known?.orderId !== undefined && orderId !== undefined && known.orderId !== orderId)
      placed.add(name('outcome_of_another_order', outcome, orderId, `the order there is ${known.orderId}`));
    settled.add(offset);
    open.delete(offset);
    details.delete(offset);
    passed = Math.max(passed, offset);
  }

  function noteCopy(offset: number, orderId: string, writtenAt: number): void {
    const distance = ids.note(orderId, writtenAt);
    const called = calledCopies.has(offset);
    calledCopies.delete(offset);
    if (!distance) {
      if (called) accuse(offset, writtenAt, orderId);
      return;
    }
    const must = distance.ageMs <= window.lengthMs && distance.orders <= window.orders;
    if (!settled.has(offset)) {
      copies.add(offset);
      if (must) mustNotShip.add(offset);
    } else if (must && !dead.has(offset)) twice.add(name('copy_shipped', at(offset), orderId));
  }

  /** An order in `dead_letters` as a copy of none is a lost order. Near the start, the first one may be gone by age. */
  function accuse(offset: number, writtenAt: number, orderId: string | undefined): void {
    const startIsKnown = first === 0 || writtenAt - firstAt > 2 * window.lengthMs;
    if (startIsKnown) placed.add(name('not_a_copy', at(offset), orderId, 'dead letter duplicate_order'));
  }

  return {
    ids,
    takeBackOther,

    /** There is another order at the offset, or one that has its outcome. */
    contradicts(offset: number, orderId: string | undefined): boolean {
      const known = offset < next ? details.get(offset) : undefined;
      return settled.has(offset) || (known !== undefined && orderId !== undefined && known.orderId !== orderId);
    },

    /** Remembers an entered outcome until its order is read. */
    expect(outcome: Outcome): void {
      const { offset, orderId } = outcome;
      if (offset < next || orderId === undefined) return;
      if (early.size < mostEarly || early.has(offset)) early.set(offset, outcome);
    },

    /** Outcomes of orders that were not read. */
    early: (): Iterable<Outcome> => early.values(),

    /**
     * @param writtenAt when it arrived, ms since 1970; `undefined` when only its producer's clock says so. Such an order counts
     * as arrived with the one before it: a wrong clock must not hide a second copy.
     * @param orderId none for a message that is no order, which must end in `dead_letters` all the same
     */
    order(offset: number, writtenAt: number | undefined, orderId: string | undefined): void {
      lastAt = writtenAt ?? lastAt;
      if (first === undefined) {
        first = offset;
        firstAt = writtenAt ?? Number.POSITIVE_INFINITY;
        // What was before has been deleted by age.
        if (offset > 0) settled.add(0, offset - 1);
        for (const gone of early.keys()) if (gone < offset) early.delete(gone);
      } else if (offset > next) skip(next, offset - 1);
      next = offset + 1;
      count += 1;
      takeBackOther(offset, orderId);
      early.delete(offset);
      if (orderId !== undefined) noteCopy(offset, orderId, lastAt);
      if (settled.has(offset)) return;
      open.add(offset);
      // It may be known from orders_waiting already.
      if (details.size < mostDetails || details.has(offset)) details.set(offset, { ...details.get(offset), orderId });
    },

    shipped(offset: number, orderId: string, place: Place): void {
      if (first !== undefined && offset < first) return;
      if (dead.has(offset)) placed.add(name('two_places', place, orderId, 'a shipment besides a dead letter'));
      else if (settled.has(offset)) twice.add(name('shipped_twice', place, orderId));
      else if (mustNotShip.has(offset)) twice.add(name('copy_shipped', place, orderId));
      copies.delete(offset);
      mustNotShip.delete(offset);
      settle(offset, orderId, place);
    },

    deadLettered(offset: number, code: string, place: Place, writtenAt: number): void {
      if (first !== undefined && offset < first) return;
      if (settled.has(offset))
        placed.add(name('two_places', place, undefined, 'a dead letter besides another outcome'));
      else if (code === 'duplicate_order' && !copies.has(offset)) {
        if (offset < next) accuse(offset, writtenAt, details.get(offset)?.orderId);
        else calledCopies.add(offset);
      }
      if (dead.intervals < mostDeadIntervals) dead.add(offset);
      copies.delete(offset);
      mustNotShip.delete(offset);
      settle(offset, undefined, place);
    },

    /** The order stands in `orders_waiting`, there at this place now. */
    waits(offset: number, place: Place): void {
      if (settled.has(offset)) return;
      const known = details.get(offset);
      if (known || details.size < mostDetails) details.set(offset, { orderId: known?.orderId, waitingAt: place });
      passed = Math.max(passed, offset);
    },

    /** Orders below were committed by their consumer group. */
    pass(committed: number): void {
      passed = Math.max(passed, committed);
    },

    /** Their outcomes may have been deleted by age before the audit could read them. */
    ignoreBefore(offset: number): void {
      ignoredBefore = Math.max(ignoredBefore, offset);
    },

    /** Orders below this offset were handled: a later one was, or the consumer group says so. */
    get passed(): number {
      return passed;
    },

    /**
     * Orders that were handled, but have come to nothing. Only right when all outcomes that were there after `passed`
     * and `waitingPassed` were noted have been read.
     *
     * @param handled up to which order handling has come, and up to where in each partition of `orders_waiting`
     */
    lost(handled: { passed: number; waitingPassed: ReadonlyMap<number, number> }): Violation[] {
      const found: Violation[] = [];
      for (const offset of open.below(Math.min(handled.passed, next))) {
        if (offset < ignoredBefore) continue;
        const known = details.get(offset);
        const { waitingAt } = known ?? {};
        if (waitingAt && waitingAt.offset >= (handled.waitingPassed.get(waitingAt.partition) ?? 0)) continue;
        found.push(name('lost', at(offset), known?.orderId, waitingAt ? 'after it had waited' : undefined));
      }
      return found;
    },

    /** All orders without an outcome, waiting ones too: what must be none once quiet. */
    unsettled(): Violation[] {
      const found: Violation[] = [];
      for (const offset of open.below(next)) {
        if (offset < ignoredBefore) continue;
        const known = details.get(offset);
        found.push(name(known?.waitingAt ? 'still_waiting' : 'no_outcome', at(offset), known?.orderId));
      }
      return found;
    },

    figures() {
      let waiting = 0;
      for (const { waitingAt } of details.values()) if (waitingAt) waiting += 1;
      return { orders: count, open: open.size, waiting, intervals: settled.intervals + open.intervals };
    },

    /** The offset after the last order read. */
    get next(): number {
      return next;
    },
  };
}
