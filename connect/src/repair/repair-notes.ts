import {
  type KafkaSettings,
  openSender,
  type RepairNote,
  readJson,
  readRepairKey,
  readToEnd,
  repairNote,
  repairSuffixes,
  type ServiceContext,
  ShopError,
  type TopicRecord,
  UnreadableMessage,
  waitUntilDone,
} from '@shop/common';
import type { Kafka } from 'kafkajs';
import { z } from 'zod';
import type { KeptMarks, Marks } from '../source/source-watch.ts';

const marksSchema = z.record(z.string(), z.string().nullable());

/** Repairs in progress, kept in Kafka so that a restarted registrar continues them. */
export interface RepairNotes {
  read(name: string): RepairNote | undefined;
  /** @throws ShopError when Kafka does not take it */
  write(name: string, note: RepairNote): Promise<void>;
  /** The repair is done. */
  clear(name: string): Promise<void>;
  /** Marks of the source watch, by connector. */
  readonly marks: KeptMarks;
  /** Marks of the snapshot watch, by connector. */
  readonly snapshots: KeptMarks;
}

/** Reads the notes, and opens a producer for new ones. */
export async function openRepairNotes(
  kafka: Kafka,
  settings: KafkaSettings,
  topic: string,
  context: ServiceContext,
): Promise<RepairNotes> {
  const notes = new Map<string, RepairNote>();
  const kept = { marks: new Map<string, Marks>(), snapshots: new Map<string, Marks>() };
  const onRecord = ({ key, value }: TopicRecord) => {
    const { connector, holds } = readRepairKey(String(key));
    if (holds !== 'note') keepMarks(kept[holds], connector, value);
    else if (value === null) notes.delete(connector);
    else notes.set(connector, readNote(connector, value));
  };
  await waitUntilDone('Kafka', () => readToEnd({ kafka, topic, onRecord }, context), context);
  const sender = await openSender(settings, context);

  async function send(name: string, value: RepairNote | Marks | null): Promise<void> {
    const message = { key: name, value: value && JSON.stringify(value) };
    if (!(await sender.send(topic, [message])))
      throw new ShopError('repair_unnoted', `${name}: Kafka did not take the note of its repair`, { canRetry: true });
  }

  const keep = (what: keyof typeof kept): KeptMarks => ({
    read: (name) => kept[what].get(name),
    async write(name, seen) {
      await send(`${name}${repairSuffixes[what]}`, seen);
      kept[what].set(name, seen);
    },
  });

  return {
    read: (name) => notes.get(name),
    async write(name, written) {
      await send(name, written);
      notes.set(name, written);
    },
    async clear(name) {
      await send(name, null);
      notes.delete(name);
    },
    marks: keep('marks'),
    snapshots: keep('snapshots'),
  };
}

/** Ignores marks that cannot be read: the next check writes new ones. */
function keepMarks(marks: Map<string, Marks>, name: string, value: Buffer | null): void {
  try {
    marks.set(name, readJson(value, marksSchema));
  } catch (error) {
    if (!(error instanceof UnreadableMessage)) throw error;
    marks.delete(name);
  }
}

/** Takes an unreadable note for a repair that has just begun. */
function readNote(name: string, value: Buffer): RepairNote {
  try {
    return readJson(value, repairNote);
  } catch (error) {
    if (!(error instanceof UnreadableMessage)) throw error;
    return { stage: 'begun', reason: `the note on ${name} cannot be read`, since: new Date().toISOString() };
  }
}
