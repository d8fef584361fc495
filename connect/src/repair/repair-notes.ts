import {
  type KafkaSettings,
  openSender,
  readJson,
  readToEnd,
  type ServiceContext,
  ShopError,
  type TopicRecord,
  UnreadableMessage,
  waitUntilDone,
} from '@shop/common';
import type { Kafka } from 'kafkajs';
import { z } from 'zod';
import type { KeptMarks, Marks } from '../source/source-watch.ts';

const note = z.looseObject({
  /** `begun`: the connector has to start over. `deletions`: it did, and the deletions have to be reported. */
  stage: z.enum(['begun', 'deletions']),
  /** What was lost. */
  reason: z.string(),
  /** ISO 8601. */
  since: z.string(),
  /** Deletions that were reported before the snapshot. */
  deleted: z.int().optional(),
});
/** The progress of a repair: the value of a message whose key is the connector's name. */
export type RepairNote = z.infer<typeof note>;

const marksSchema = z.record(z.string(), z.string().nullable());
/** Suffixes of the keys of a connector's marks and snapshots. */
const suffixes = { marks: '/marks', snapshots: '/snapshots' } as const;

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

/** Compacted; one partition, because messages are rare. */
export const repairsTopic = { topic: 'connector_repairs', partitions: 1, config: { 'cleanup.policy': 'compact' } };

/** Reads the notes, and opens a producer for new ones. */
export async function openRepairNotes(
  kafka: Kafka,
  settings: KafkaSettings,
  context: ServiceContext,
): Promise<RepairNotes> {
  const { topic } = repairsTopic;
  const notes = new Map<string, RepairNote>();
  const kept = { marks: new Map<string, Marks>(), snapshots: new Map<string, Marks>() };
  const onRecord = ({ key, value }: TopicRecord) => {
    const name = String(key);
    const what = (['marks', 'snapshots'] as const).find((each) => name.endsWith(suffixes[each]));
    if (what) keepMarks(kept[what], name.slice(0, -suffixes[what].length), value);
    else if (value === null) notes.delete(name);
    else notes.set(name, readNote(name, value));
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
      await send(`${name}${suffixes[what]}`, seen);
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
    return readJson(value, note);
  } catch (error) {
    if (!(error instanceof UnreadableMessage)) throw error;
    return { stage: 'begun', reason: `the note on ${name} cannot be read`, since: new Date().toISOString() };
  }
}
