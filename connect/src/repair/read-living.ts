import { customerChange, readJson, type ServiceContext, UnreadableMessage } from '@shop/common';
import type { Kafka } from 'kafkajs';
import { z } from 'zod';
import { readToEnd } from '../kafka/read-to-end.ts';

export interface LivingPlan {
  kafka: Kafka;
  /** Of change events. */
  topic: string;
  /** Of ksqlDB's table of customers: what it knows of them stays there when the topic of changes is lost. */
  tableTopic: string;
}

/** A row of ksqlDB's CUSTOMERS; the key is the id as JSON. */
const tableRow = z.looseObject({ OP: z.string().nullish() });

/** For each customer in the topic of changes or in ksqlDB's table: whether they are living. */
export async function readLiving(
  { kafka, topic, tableTopic }: LivingPlan,
  context: ServiceContext,
): Promise<Map<number, boolean>> {
  const known = new Map<number, boolean>();
  const note = (id: number, isLiving: boolean) => void known.set(id, isLiving);
  const ofTable = {
    kafka,
    topic: tableTopic,
    onMessage(key: Buffer | null, value: Buffer | null) {
      const id = Number(key);
      if (!Number.isSafeInteger(id)) return;
      if (value === null) note(id, false);
      else passOver(() => note(id, readJson(value, tableRow).OP !== 'd'));
    },
  };
  const ofChanges = {
    kafka,
    topic,
    onMessage(_: Buffer | null, value: Buffer | null) {
      if (value === null) return; // a tombstone: the deletion came before it
      passOver(() => {
        const { before, after } = readJson(value, customerChange);
        if (after) note(after.id, true);
        else if (before) note(before.id, false);
      });
    },
  };
  // The table first: it follows the changes, and so has the last word only of those that are not in the topic any more.
  await readToEnd(ofTable, context);
  await readToEnd(ofChanges, context);
  return known;
}

/** What cannot be read is no customer of ours. */
function passOver(read: () => void): void {
  try {
    read();
  } catch (error) {
    if (!(error instanceof UnreadableMessage)) throw error;
  }
}
