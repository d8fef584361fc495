import { z } from 'zod';
import { createIdSet, type IdSet } from './id-set.ts';

/** What has been counted from the topics so far. */
export interface Figures {
  customers: number;
  orders: number;
  delivered: number;
  undeliverable: number;
  dead_letters: number;
}

export type CountedTopic = 'customers' | 'orders' | 'shipments' | 'deadLetters';

export interface CountedMessage {
  key: Buffer | null;
  value: Buffer | null;
  /** When it was written, in ms since 1970. */
  writtenAt: number;
}

/** Counts messages, in memory that does not grow with their number. */
export interface Tally {
  count(topic: CountedTopic, message: CountedMessage): void;
  figures(): Figures;
  /** When the first delivered shipment since `since` was written. */
  firstShipmentAt(): number | undefined;
  keep(): KeptTally;
}

export const keptTally = z.object({
  orders: z.number(),
  delivered: z.number(),
  undeliverable: z.number(),
  dead_letters: z.number(),
  customer_ids: z.record(z.string(), z.string()),
});

export type KeptTally = z.infer<typeof keptTally>;

/** @param since shipments before this time (ms since 1970) are an earlier run's */
export function createTally(since: number, kept?: KeptTally): Tally {
  const customers: IdSet = createIdSet(kept?.customer_ids);
  const counts = {
    orders: kept?.orders ?? 0,
    delivered: kept?.delivered ?? 0,
    undeliverable: kept?.undeliverable ?? 0,
    dead_letters: kept?.dead_letters ?? 0,
  };
  let firstShipmentAt: number | undefined;

  function countCustomer({ key, value }: CountedMessage): void {
    const id = Number(key?.toString());
    if (!Number.isSafeInteger(id) || id < 0) return;
    if (value === null || /"op"\s*:\s*"d"/.test(value.toString())) customers.delete(id);
    else customers.add(id);
  }

  function countShipment({ value, writtenAt }: CountedMessage): void {
    if (value === null) return;
    // Thousands a second may come by: looked at, not parsed.
    if (!value.includes('"status":"delivered"')) {
      counts.undeliverable++;
      return;
    }
    counts.delivered++;
    if (writtenAt >= since) firstShipmentAt = Math.min(firstShipmentAt ?? writtenAt, writtenAt);
  }

  return {
    count(topic, message) {
      if (topic === 'customers') countCustomer(message);
      else if (topic === 'orders') counts.orders++;
      else if (topic === 'deadLetters') counts.dead_letters++;
      else countShipment(message);
    },
    figures: () => ({ customers: customers.size, ...counts }),
    firstShipmentAt: () => firstShipmentAt,
    keep: () => ({ ...counts, customer_ids: customers.toJSON() }),
  };
}
