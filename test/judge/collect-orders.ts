import {
  deadLetterHeaders,
  order,
  readJson,
  readToEnd,
  shipment,
  type TopicRecord,
  UnreadableMessage,
} from '@shop/common';
import type { z } from 'zod';
import type { FaultShop } from '../faults/shop/fault-shop.ts';

interface OutcomeRecord {
  kind: 'shipment' | 'dead letter';
  /** When the broker got it, ms since 1970. */
  at: number;
}

/** An order as it is in the topics. */
export interface OrderRecord {
  partition: number;
  offset: number;
  /** When the broker got it, ms since 1970. */
  placedAt: number;
  /** Undefined for a message that is no order. */
  orderId: string | undefined;
  /** In the order in which they were read. */
  outcomes: OutcomeRecord[];
}

/** The orders of a run, by `partition/offset`. */
export type OrderRecords = ReadonlyMap<string, OrderRecord>;

/** Reads every order with its outcomes. */
export async function collectOrders({ kafka, topics, context }: FaultShop): Promise<OrderRecords> {
  const orders = new Map<string, OrderRecord>();
  const read = (topic: string, onRecord: (record: TopicRecord) => void) =>
    readToEnd({ kafka, topic, onRecord }, context);
  const addOutcome = (place: string, outcome: OutcomeRecord) => orders.get(place)?.outcomes.push(outcome);

  await read(topics.orders.topic, ({ partition, offset, timestamp: placedAt, value }) => {
    const orderId = parse(value, order)?.order_id;
    orders.set(`${partition}/${offset}`, { partition, offset, placedAt, orderId, outcomes: [] });
  });
  await read(topics.shipments.topic, ({ value, timestamp: at }) => {
    const shipped = parse(value, shipment);
    if (shipped) addOutcome(`${shipped.order_partition}/${shipped.order_offset}`, { kind: 'shipment', at });
  });
  await read(topics.deadLetters.topic, ({ headers, timestamp: at }) => {
    const place = `${headers[deadLetterHeaders.partition]}/${headers[deadLetterHeaders.offset]}`;
    if (headers[deadLetterHeaders.topic] === topics.orders.topic) addOutcome(place, { kind: 'dead letter', at });
  });
  return orders;
}

function parse<T>(value: Buffer | null, schema: z.ZodType<T>): T | undefined {
  try {
    return readJson(value, schema);
  } catch (error) {
    if (error instanceof UnreadableMessage) return undefined;
    throw error;
  }
}
