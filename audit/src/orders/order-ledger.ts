import type { Shipment } from '@shop/common';
import { deadLetterHeaders, order, readJson, shipment, UnreadableMessage } from '@shop/common';
import { createFindings, type Findings, type Violation } from '../findings/findings.ts';
import type { TopicRecord } from '../kafka/topic-record.ts';
import { createIdWindow } from './id-window.ts';
import { createOrderPartition, type OrderPartition, type Place } from './order-partition.ts';

export interface LedgerPlan {
  ordersTopic: string;
  ordersWaitingTopic: string;
  duplicateWindowMs: number;
}

/** Headers of `orders_waiting`, as shipping-service's README gives them. */
const waitingHeaders = { partition: 'waiting.order_partition', offset: 'waiting.order_offset' };

/** What shipping-service remembers of a partition at the most; a copy further behind may be shipped. */
const rememberedOrders = 140_000;

/** How far handling has come, noted before the outcomes are read to their end. */
export interface Handled {
  orders: ReadonlyMap<number, number>;
  waiting: ReadonlyMap<number, number>;
}

export type OrderLedger = ReturnType<typeof createOrderLedger>;

/** The books of all orders (P1, P2): reads the messages of orders and outcomes into the books of their partitions. */
export function createOrderLedger({ ordersTopic, ordersWaitingTopic, duplicateWindowMs }: LedgerPlan) {
  const partitions = new Map<number, OrderPartition>();
  const placed: Findings = createFindings();
  const twice: Findings = createFindings();
  /** What was in books that are closed. */
  const closed = { orders: 0 };
  let shipments = 0;
  let deadLetters = 0;

  function partitionOf(partition: number): OrderPartition {
    const known = partitions.get(partition);
    if (known) return known;
    const window = { lengthMs: duplicateWindowMs, orders: rememberedOrders };
    const ids = createIdWindow({ lengthMs: 2 * duplicateWindowMs, limit: 160_000 });
    const made = createOrderPartition({ topic: ordersTopic, partition, placed, twice, ids, window });
    partitions.set(partition, made);
    return made;
  }

  const collect = (list: (one: OrderPartition, partition: number) => Violation[]): Violation[] =>
    [...partitions].flatMap(([partition, one]) => list(one, partition));

  return {
    placed,
    twice,

    readOrder(record: TopicRecord): void {
      partitionOf(record.partition).order(record.offset, record.timestamp, readOrderId(record.value));
    },

    /** @returns the shipment, unless it cannot be read */
    readShipment(record: TopicRecord): Shipment | undefined {
      const place = placeOf(record);
      try {
        const read = readJson(record.value, shipment);
        shipments += 1;
        partitionOf(read.order_partition).shipped(read.order_offset, read.order_id, place);
        return read;
      } catch (error) {
        if (!(error instanceof UnreadableMessage)) throw error;
        placed.add({ problem: 'unreadable_shipment', ...place, detail: error.message });
        return undefined;
      }
    },

    readDeadLetter(record: TopicRecord): void {
      const { headers } = record;
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
      partitionOf(origin.partition).deadLettered(origin.offset, code, placeOf(record), record.timestamp);
    },

    readWaiting(record: TopicRecord): void {
      const { headers } = record;
      const origin = readOrigin(headers[waitingHeaders.partition], headers[waitingHeaders.offset]);
      if (origin) partitionOf(origin.partition).waits(origin.offset, placeOf(record));
    },

    partitionOf,

    /** The partition's topic was made anew: its offsets begin anew too, and so do its books. */
    reopen(partition: number): void {
      closed.orders += partitions.get(partition)?.figures().orders ?? 0;
      partitions.delete(partition);
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
