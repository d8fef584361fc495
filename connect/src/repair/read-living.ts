import {
  createIdSet,
  customerChange,
  type IdSet,
  readJson,
  readToEnd,
  type ServiceContext,
  type TopicRecord,
  UnreadableMessage,
} from '@shop/common';
import type { Kafka } from 'kafkajs';
import { z } from 'zod';
import { createUnreadableRows } from './unreadable-rows.ts';

export interface LivingPlan {
  kafka: Kafka;
  /** Of change events. */
  topic: string;
  /** Of ksqlDB's table of customers: what it knows of them stays there when the topic of changes is lost. */
  tableTopic: string;
}

/** A row of ksqlDB's CUSTOMERS; the key is the id as JSON. */
const tableRow = z.looseObject({ OP: z.string().nullish() });

/** Customers in the topic of changes or in ksqlDB's table. */
export interface KnownCustomers {
  all: IdSet;
  /** Those who have not left. */
  living: IdSet;
}

/**
 * Reads all customers in the topic of changes and in ksqlDB's table. A customer whose message cannot be
 * read counts as living, by its key: Postgres is asked for them. Such messages are logged and counted.
 */
export async function readLiving(
  { kafka, topic, tableTopic }: LivingPlan,
  context: ServiceContext,
): Promise<KnownCustomers> {
  const all = createIdSet();
  const living = createIdSet();
  const unreadable = createUnreadableRows(context);

  function note(id: number, lives: boolean): void {
    all.add(id);
    if (lives) living.add(id);
    else living.delete(id);
  }

  /** @param read the id and whether the customer is living; nothing when the message is of no customer */
  const follow = (ofTopic: string, read: (record: TopicRecord) => [number, boolean] | undefined) =>
    readToEnd(
      {
        kafka,
        topic: ofTopic,
        onRecord(record) {
          const isRead = unreadable.tryRead(record, () => {
            const row = read(record);
            if (row) note(...row);
          });
          const id = readId(record.key);
          if (!isRead && id !== undefined) note(id, true);
        },
      },
      context,
    );

  // The table first: where the topic still has the customer's changes, the topic decides.
  await follow(tableTopic, ({ key, value }) => {
    const id = readId(key);
    if (id === undefined) throw new UnreadableMessage('wrong_shape', 'the key is no id');
    return [id, value !== null && readJson(value, tableRow).OP !== 'd'];
  });
  await follow(topic, ({ value }) => {
    if (value === null) return undefined; // a tombstone: the deletion came before it
    const { before, after } = readJson(value, customerChange);
    if (after) return [after.id, true];
    return before ? [before.id, false] : undefined;
  });
  unreadable.report();
  return { all, living };
}

function readId(key: Buffer | null): number | undefined {
  const id = key === null || key.length === 0 ? Number.NaN : Number(key);
  return Number.isSafeInteger(id) ? id : undefined;
}
