import type { Shipment } from '@shop/common';
import { deadLetterHeaders, order, readJson, shipment, UnreadableMessage, waitingHeaders } from '@shop/common';
import { createFindings, type Findings, type Violation } from '../findings/findings.ts';
import type { TopicRecord } from '../kafka/topic-record.ts';
import { createOrderPartition, type OrderPartition, type Place } from './order-partition.ts';
import { createIdWindow, type IdWindow } from './recent-order-ids.ts';
import { createDoubtfulOutcomes, type Outcome } from './unconfirmed-outcomes.ts';

export interface LedgerPlan {
  ordersTopic: string;
  ordersWaitingTopic: string;
  duplicateWindowMs: number;
}

/** What shipping-service remembers of a partition at the most; a copy further behind may be shipped. */
const rememberedOrders = 140_000;

/** How far handling has come, noted before the outcomes are read to their end. */
export interface Handled {
  orders: ReadonlyMap<number, number>;
  waiting: ReadonlyMap<number, number>;
}

export type OrderLedger = ReturnType<typeof createOrderLedger>;

/**
 * Records all orders and their outcomes by partition (P1, P2). When the topic of orders is recreated, order ids tell the outcomes of
 * its orders from those of former orders at the same offsets.
 */
export function createOrderLedger({ ordersTopic, ordersWaitingTopic, duplicateWindowMs }: LedgerPlan) {
  const partitions = new Map<number, OrderPartition>();
  const placed: Findings = createFindings();
  const twice: Findings = createFindings();
  const doubtful = createDoubtfulOutcomes();
  /** What was in books that are closed, and the last orders of each partition in them. */
  const closed = { orders: 0 };
  const formerIds = new Map<number, IdWindow>();
  let shipments = 0;
  let deadLetters = 0;

  function partitionOf(partition: number): OrderPartition {
    const known = partitions.get(partition);
    if (known) return known;
    const window = { lengthMs: duplicateWindowMs, orders: rememberedOrders };
    const ids = createIdWindow({ lengthMs: 2 * duplicateWindowMs, limit: 160_000 });
    const made = createOrderPartition({
      topic: ordersTopic,
      partition,
      placed,
      twice,
      ids,
      window,
      renewed: formerIds.has(partition),
      onDoubt: doubtful.hold,
    });
    partitions.set(partition, made);
    return made;
  }

  function take(outcome: Outcome): void {
    const { partition, offset, orderId } = outcome;
    const books = partitionOf(partition);
    const former = formerIds.get(partition);
    const isContradicted = books.contradicts(offset, orderId);
    // Nearly always neither; ids cost more than the rest.
    if (isContradicted || former) {
      if (books.ids.has(orderId)) books.takeBackOther(offset, orderId);
      // The order is gone with its topic.
      else if (former?.has(orderId)) return;
      else if (isContradicted) {
        doubtful.hold(outcome);
        return;
      }
    }
    outcome.enter();
    books.expect(outcome);
  }

  const collect = (list: (one: OrderPartition, partition: number) => Violation[]): Violation[] =>
    [...partitions].flatMap(([partition, one]) => list(one, partition));

  return {
    placed,
    twice,

    readOrder(record: TopicRecord): void {
      const { partition, offset, timestamp, stampedByBroker, value } = record;
      partitionOf(partition).order(offset, stampedByBroker ? timestamp : undefined, readOrderId(value));
    },

    /** @returns the shipment, unless it cannot be read */
    readShipment(record: TopicRecord): Shipment | undefined {
      const place = placeOf(record);
      try {
        const read = readJson(record.value, shipment);
        const { order_partition: partition, order_offset: offset, order_id: orderId } = read;
        shipments += 1;
        take({ partition, offset, orderId, enter: () => partitionOf(partition).shipped(offset, orderId, place) });
        return read;
      } catch (error) {
        if (!(error instanceof UnreadableMessage)) throw error;
        placed.add({ problem: 'unreadable_shipment', ...place, detail: error.message });
        return undefined;
      }
    },

    readDeadLetter(record: TopicRecord): void {
      const { headers, timestamp } = record;
      const from = headers[deadLetterHeaders.topic];
      const origin =
        from === ordersTopic
          ? readOrigin(headers[deadLetterHeaders.partition], headers[deadLetterHeaders.offset])
          : from === ordersWaitingTopic
            ? readOrigin(headers[waitingHeaders.partition], headers[waitingHeaders.offset])
            : undefined;
      if (!origin) return; // of another topic: no order
      deadLetters += 1;
      const code = headers[deadLetterHeaders.code] ?? '';
      const place = placeOf(record);
      const enter = () => partitionOf(origin.partition).deadLettered(origin.offset, code, place, timestamp);
      take({ ...origin, orderId: readOrderId(record.value), enter });
    },

    readWaiting(record: TopicRecord): void {
      const { headers } = record;
      const origin = readOrigin(headers[waitingHeaders.partition], headers[waitingHeaders.offset]);
      if (!origin) return;
      const place = placeOf(record);
      const enter = () => partitionOf(origin.partition).waits(origin.offset, place);
      take({ ...origin, orderId: readOrderId(record.value), enter });
    },

    partitionOf,

    /** Starts a partition over whose topic was recreated: its offsets start over, too. */
    reopen(partition: number): void {
      const books = partitionOf(partition);
      closed.orders += books.figures().orders;
      const inDoubt = doubtful.take(partition);
      for (const outcome of inDoubt) if (books.ids.has(outcome.orderId)) outcome.enter();
      formerIds.set(partition, books.ids);
      partitions.delete(partition);
      // The others can be of new orders.
      for (const outcome of [...books.early(), ...inDoubt]) take(outcome);
    },

    /** Begins a look at the end offsets of the topic of orders, which would show that it was recreated. */
    beginLook: doubtful.beginLook,

    /** All orders up to that end were read: an outcome that contradicts them for two looks is wrong. */
    endLook(): void {
      for (const outcome of doubtful.endLook()) {
        const { partition, orderId } = outcome;
        // After another topic, it is an outcome of an order that was gone before it could be read.
        const isGone = formerIds.has(partition) && orderId !== undefined && !partitionOf(partition).ids.has(orderId);
        if (!isGone) outcome.enter();
      }
    },

    /** @param waiting offsets that the group which reads `orders_waiting` has committed, by partition */
    handled(waiting: ReadonlyMap<number, number>): Handled {
      return { orders: new Map([...partitions].map(([partition, { passed }]) => [partition, passed])), waiting };
    },

    lost: ({ orders, waiting }: Handled): Violation[] =>
      collect((one, partition) => one.lost({ passed: orders.get(partition) ?? 0, waitingPassed: waiting })),

    unsettled: (): Violation[] => collect((one) => one.unsettled()),

    figures() {
      const sum = { ...closed, open: 0, waiting: 0, intervals: 0 };
      for (const one of partitions.values()) {
        const { orders, open, waiting, intervals } = one.figures();
        sum.orders += orders;
        sum.open += open;
        sum.waiting += waiting;
        sum.intervals += intervals;
      }
      return { ...sum, shipments, dead_letters: deadLetters };
    },

    /** Outcomes in doubt. */
    get doubtful(): number {
      return doubtful.size;
    },
  };
}

const placeOf = ({ topic, partition, offset }: TopicRecord): Place => ({ topic, partition, offset });

/** As shipping-service reads it: what is no order has no id. */
function readOrderId(value: Buffer | null): string | undefined {
  try {
    return readJson(value, order).order_id;
  } catch (error) {
    if (error instanceof UnreadableMessage) return undefined;
    throw error;
  }
}

function readOrigin(partition: string | undefined, offset: string | undefined) {
  const origin = { partition: Number(partition ?? Number.NaN), offset: Number(offset ?? Number.NaN) };
  return Number.isSafeInteger(origin.partition) && Number.isSafeInteger(origin.offset) ? origin : undefined;
}
