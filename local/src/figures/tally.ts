import { createIdSet, type ShopTopics, type TopicRecord } from '@shop/common';
import { z } from 'zod';

/** The counts of the topics' records so far. */
export interface Figures {
  customers: number;
  orders: number;
  delivered: number;
  undeliverable: number;
  dead_letters: number;
}

export const keptTally = z.object({
  /** The next offset to read, by topic and partition. */
  offsets: z.record(z.string(), z.record(z.string(), z.number())),
  counts: z.object({
    orders: z.number(),
    delivered: z.number(),
    undeliverable: z.number(),
    dead_letters: z.number(),
  }),
  /** The ids in the JSON form of `IdSet`. */
  customers: z.record(z.string(), z.string()),
});

export type KeptTally = z.infer<typeof keptTally>;

type CountedTopics = Pick<ShopTopics, 'customers' | 'orders' | 'shipments' | 'deadLetters'>;
type CountedRecord = Pick<TopicRecord, 'topic' | 'partition' | 'offset' | 'timestamp' | 'key' | 'value'>;

/**
 * Counts the records of topics. Its memory does not grow with their number.
 *
 * @param since when this run began, ms since 1970; `firstShipmentAt` ignores earlier shipments
 */
export function createTally(topics: CountedTopics, since: number, kept?: KeptTally) {
  const offsets = structuredClone(kept?.offsets ?? {});
  const counts = { ...(kept?.counts ?? { orders: 0, delivered: 0, undeliverable: 0, dead_letters: 0 }) };
  const customers = createIdSet(kept?.customers);
  let firstShipmentAt: number | undefined;

  function countCustomer({ key, value }: CountedRecord): void {
    const id = Number(key?.toString());
    if (!Number.isSafeInteger(id) || id < 0) return;
    if (value === null || /"op"\s*:\s*"d"/.test(value.toString())) customers.delete(id);
    else customers.add(id);
  }

  function countShipment({ value, timestamp }: CountedRecord): void {
    if (value === null) return;
    // Search the text instead of parsing it: there may be thousands a second.
    if (!value.includes('"status":"delivered"')) {
      counts.undeliverable++;
      return;
    }
    counts.delivered++;
    if (timestamp >= since) firstShipmentAt = Math.min(firstShipmentAt ?? timestamp, timestamp);
  }

  return {
    count(record: CountedRecord): void {
      const { topic, partition, offset } = record;
      if (topic === topics.customers.topic) countCustomer(record);
      else if (topic === topics.orders.topic) counts.orders++;
      else if (topic === topics.shipments.topic) countShipment(record);
      else if (topic === topics.deadLetters.topic) counts.dead_letters++;
      const read = offsets[topic] ?? {};
      read[partition] = offset + 1;
      offsets[topic] = read;
    },
    /** The next offset to read, for each partition that was read before. */
    offsetsOf: (topic: string): Readonly<Record<string, number>> => offsets[topic] ?? {},
    figures: (): Figures => ({ customers: customers.size, ...counts }),
    /** When the first delivered shipment since `since` was written, ms since 1970. */
    firstShipmentAt: () => firstShipmentAt,
    keep: (): KeptTally => ({ offsets, counts, customers: customers.toJSON() }),
  };
}
