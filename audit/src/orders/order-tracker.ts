import type { Shipment, TopicRecord } from '@shop/common';
import { deadLetterHeaders, readJson, rememberedOrders, shipment, UnreadableMessage } from '@shop/common';
import { createFindings, type Findings, type Violation, violationAt } from '../findings/findings.ts';
import { compareDeadLetter, compareShipment } from './compare-outcome.ts';
import { readDeadLetterOrigin, readOrderId, readReadableOrder, readWaitingOrigin } from './order-messages.ts';
import { createOrderPartition, type OrderPartition } from './order-partition.ts';
import { createRecentOrderIds, type RecentOrderIds } from './recent-order-ids.ts';
import { createUnconfirmedOutcomes, type Outcome } from './unconfirmed-outcomes.ts';

interface OrderTrackerPlan {
  ordersTopic: string;
  ordersWaitingTopic: string;
  duplicateWindowMs: number;
}

/** Tolerance between the audit's count of orders and the one of shipping-service. */
const orderTolerance = 10_000;

/** How far orders were handled, noted before the outcomes are read to their end: next offsets by partition. */
interface HandledOffsets {
  orders: ReadonlyMap<number, number>;
  waiting: ReadonlyMap<number, number>;
}

export type OrderTracker = ReturnType<typeof createOrderTracker>;

/**
 * Records all orders and their outcomes by partition (P1, P2). When the topic of orders is recreated, order ids distinguish
 * the outcomes of its orders from those of former orders at the same offsets.
 */
export function createOrderTracker({ ordersTopic, ordersWaitingTopic, duplicateWindowMs }: OrderTrackerPlan) {
  const partitions = new Map<number, OrderPartition>();
  const outcomeFindings: Findings = createFindings();
  const duplicateFindings: Findings = createFindings();
  const unconfirmed = createUnconfirmedOutcomes();
  /** Number of orders in former topics, and the last ids of each of their partitions. */
  const former = { orders: 0 };
  const formerIds = new Map<number, RecentOrderIds>();
  let shipments = 0;
  let deadLetters = 0;

  function partitionOf(partition: number): OrderPartition {
    const known = partitions.get(partition);
    if (known) return known;
    const created = createOrderPartition({
      topic: ordersTopic,
      partition,
      outcomeFindings,
      duplicateFindings,
      ids: createRecentOrderIds({ lengthMs: 2 * duplicateWindowMs, limit: rememberedOrders + orderTolerance }),
      window: { lengthMs: duplicateWindowMs, orders: rememberedOrders - orderTolerance },
      isRecreated: formerIds.has(partition),
      onMismatch: unconfirmed.add,
    });
    partitions.set(partition, created);
    return created;
  }

  function addOutcome(outcome: Outcome): void {
    const { partition, offset, orderId } = outcome;
    const orders = partitionOf(partition);
    const idsBefore = formerIds.get(partition);
    const conflicts = orders.conflicts(offset, orderId);
    // Usually neither holds, and looking up ids costs more than everything else.
    if (conflicts || idsBefore) {
      if (orders.ids.has(orderId)) orders.withdrawMismatch(offset, orderId);
      // The order was deleted with its topic.
      else if (idsBefore?.has(orderId)) return;
      else if (conflicts) {
        unconfirmed.add(outcome);
        return;
      }
    }
    outcome.record();
    orders.rememberEarly(outcome);
  }

  const collect = (list: (orders: OrderPartition, partition: number) => Violation[]): Violation[] =>
    [...partitions].flatMap(([partition, orders]) => list(orders, partition));

  return {
    outcomeFindings,
    duplicateFindings,

    readOrder(record: TopicRecord): void {
      const { partition, offset, timestamp, stampedByBroker, value } = record;
      partitionOf(partition).addOrder(offset, stampedByBroker ? timestamp : undefined, readReadableOrder(value));
    },

    /** @returns the shipment, or undefined when it cannot be read */
    readShipment(record: TopicRecord): Shipment | undefined {
      try {
        const read = readJson(record.value, shipment);
        const { order_partition: partition, order_offset: offset, order_id: orderId } = read;
        shipments += 1;
        const position = positionOf(record);
        const compare = compareShipment(read, position, outcomeFindings);
        addOutcome({
          partition,
          offset,
          orderId,
          compare,
          record: () => partitionOf(partition).addShipment(offset, orderId, position, compare),
        });
        return read;
      } catch (error) {
        if (!(error instanceof UnreadableMessage)) throw error;
        outcomeFindings.add(violationAt('unreadable_shipment', record, undefined, error.message));
        return undefined;
      }
    },

    readDeadLetter(record: TopicRecord): void {
      const origin = readDeadLetterOrigin(record, { ordersTopic, ordersWaitingTopic });
      if (!origin) return;
      deadLetters += 1;
      const { partition, offset } = origin;
      const { headers, timestamp, value } = record;
      const code = headers[deadLetterHeaders.code] ?? '';
      const position = positionOf(record);
      // Why an order that has waited is set aside is not known from the order.
      const compareWith =
        headers[deadLetterHeaders.topic] === ordersTopic
          ? compareDeadLetter(code, position, outcomeFindings)
          : undefined;
      const written = { position, writtenAt: timestamp, ...(compareWith && { compareWith }) };
      addOutcome({
        ...origin,
        orderId: readOrderId(value),
        ...(compareWith && { compare: compareWith }),
        record: () => partitionOf(partition).addDeadLetter(offset, code, written),
      });
    },

    readWaiting(record: TopicRecord): void {
      const origin = readWaitingOrigin(record);
      if (!origin) return;
      const position = positionOf(record);
      addOutcome({
        ...origin,
        orderId: readOrderId(record.value),
        record: () => partitionOf(origin.partition).addWaiting(origin.offset, position),
      });
    },

    partitionOf,

    /** The offset after the last order of a partition that was handled, as far as the topics show it. */
    reached: (partition: number): number => partitions.get(partition)?.reached ?? 0,

    /** Starts a partition of a recreated topic over: its offsets start over too. */
    restartPartition(partition: number): void {
      const orders = partitionOf(partition);
      former.orders += orders.figures().orders;
      const taken = unconfirmed.takePartition(partition);
      for (const outcome of taken) if (orders.ids.has(outcome.orderId)) outcome.record();
      formerIds.set(partition, orders.ids);
      partitions.delete(partition);
      // The other outcomes may belong to new orders.
      for (const outcome of [...orders.earlyOutcomes(), ...taken]) addOutcome(outcome);
    },

    /** Begins a check of the end offsets of the topic of orders, which would show that it was recreated. */
    beginOffsetCheck: unconfirmed.beginOffsetCheck,

    /** All orders up to those end offsets are read: an outcome that has conflicted with them for two checks is wrong. */
    completeOffsetCheck(): void {
      for (const outcome of unconfirmed.completeOffsetCheck()) {
        const { partition, orderId } = outcome;
        // In a recreated topic, it belongs to a former order that was deleted before the audit could read it.
        const isFormer = formerIds.has(partition) && orderId !== undefined && !partitionOf(partition).ids.has(orderId);
        if (!isFormer) outcome.record();
      }
    },

    /** @param waiting offsets that the group which reads `orders_waiting` has committed, by partition */
    handled(waiting: ReadonlyMap<number, number>): HandledOffsets {
      const orders = [...partitions].map(([partition, { handledUpTo }]) => [partition, handledUpTo] as const);
      return { orders: new Map(orders), waiting };
    },

    /** Orders that were handled but have no outcome. Valid once all outcomes are read that existed when `handled` was taken. */
    lost: (handled: HandledOffsets): Violation[] =>
      collect((orders, partition) => orders.lost(handled.orders.get(partition) ?? 0, handled.waiting)),

    withoutOutcome: (): Violation[] => collect((orders) => orders.withoutOutcome()),

    figures() {
      const sum = { ...former, open: 0, waiting: 0, intervals: 0 };
      for (const one of partitions.values()) {
        const { orders, open, waiting, intervals } = one.figures();
        sum.orders += orders;
        sum.open += open;
        sum.waiting += waiting;
        sum.intervals += intervals;
      }
      return { ...sum, shipments, dead_letters: deadLetters };
    },

    /** Number of outcomes that conflict with the recorded orders and are not confirmed. */
    get unconfirmed(): number {
      return unconfirmed.size;
    },
  };
}

/** Without the record's value, which must not stay in memory. */
const positionOf = ({ topic, partition, offset }: TopicRecord) => ({ topic, partition, offset });
