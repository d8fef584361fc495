import { readJson, readToEnd, type ServiceContext, type TopicRecord, UnreadableMessage } from '@shop/common';
import type { Kafka } from 'kafkajs';
import { z } from 'zod';
import type { KeptMarks } from '../source/source-watch.ts';

export interface SnapshotWatchPlan {
  kafka: Kafka;
  /** The offset after the last message, by partition. */
  readEnds(topic: string): Promise<ReadonlyMap<number, number>>;
  /** Marks of the topic, kept in Kafka so that a restarted registrar finds them. */
  marks: KeptMarks;
}

export interface SnapshotWatch {
  /**
   * @param topic of Debezium's notifications
   * @returns undefined when Debezium has started no snapshot since the last one that was answered; otherwise a function that
   * notes that it is answered
   */
  findNew(name: string, topic: string): Promise<(() => Promise<void>) | undefined>;
}

/** One of Debezium's notifications. */
const notification = z.looseObject({ id: z.string(), aggregate_type: z.string(), type: z.string() });

/**
 * Watches for snapshots that Debezium takes by itself: it recreates a dropped slot and takes a snapshot before the registrar
 * can see that. A snapshot shows no deletions, so the registrar sends them after each one.
 */
export function createSnapshotWatch(
  { kafka, readEnds, marks }: SnapshotWatchPlan,
  context: ServiceContext,
): SnapshotWatch {
  async function readNewest(topic: string): Promise<string | null> {
    let newest: string | null = null;
    const onRecord = ({ value }: TopicRecord) => {
      try {
        const { id, aggregate_type: about, type } = readJson(value, notification);
        if (about === 'Initial Snapshot' && type === 'STARTED') newest = id;
      } catch (error) {
        if (!(error instanceof UnreadableMessage)) throw error;
      }
    };
    await readToEnd({ kafka, topic, onRecord }, context);
    return newest;
  }

  return {
    async findNew(name, topic) {
      const known = marks.read(name);
      const end = String([...(await readEnds(topic)).values()].reduce((sum, each) => sum + each, 0));
      if (known?.['end'] === end) return undefined;
      // The very first start skips the read, which takes seconds.
      const newest = known && (await readNewest(topic));
      const before = known?.['snapshot'] ?? null;
      const note = () => marks.write(name, { end, snapshot: newest ?? before });
      // No customer can have left before the very first snapshot.
      if (newest != null && before !== null && newest !== before) return note;
      await note();
      return undefined;
    },
  };
}
