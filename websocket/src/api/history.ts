import { addSpan, type Spans } from './span.ts';

/** A sent message, in both modes. */
interface Sent {
  topic: string;
  partition: number;
  seq: number;
  frame: Buffer;
  /** `null` for a tombstone, which has no value to send. */
  rawFrame: Buffer | null;
}

interface Replay {
  frames: Buffer[];
  spans: Spans;
}

/** The last messages of every topic. A busy topic does not displace those of a quiet one. */
export interface History {
  add(sent: Sent): void;
  /** The last messages of these topics together, oldest first: at most so many, and so many bytes. */
  last(topics: readonly string[], limits: { count: number; bytes: number; raw: boolean }): Replay;
}

interface Kept extends Sent {
  arrival: number;
}

/** @param perTopic messages kept of each topic, and bytes of each topic */
export function createHistory(perTopic: { count: number; bytes: number }): History {
  const topics = new Map<string, { kept: Kept[]; bytes: number }>();
  let arrivals = 0;

  return {
    add(sent) {
      const topic = topics.get(sent.topic) ?? { kept: [], bytes: 0 };
      topics.set(sent.topic, topic);
      topic.kept.push({ ...sent, arrival: arrivals++ });
      topic.bytes += sizeOf(sent);
      // Drop a tenth at a time: removing one first element costs the length of the array.
      if (topic.kept.length <= perTopic.count * 1.1 && topic.bytes <= perTopic.bytes * 1.1) return;
      while (topic.kept.length > perTopic.count || topic.bytes > perTopic.bytes) {
        const dropped = topic.kept.splice(0, Math.max(1, Math.ceil(topic.kept.length / 11)));
        for (const each of dropped) topic.bytes -= sizeOf(each);
      }
    },

    last(names, { count, bytes, raw }) {
      const cursors = names.flatMap((name) => {
        const kept = topics.get(name)?.kept ?? [];
        return kept.length > 0 ? [{ kept, at: kept.length - 1 }] : [];
      });
      const chosen: Kept[] = [];
      for (let size = 0; chosen.length < count; ) {
        const newest = takeNewest(cursors);
        const frame = newest && (raw ? newest.rawFrame : newest.frame);
        if (newest && !frame) continue;
        if (!newest || !frame || size + frame.length > bytes) break;
        size += frame.length;
        chosen.push(newest);
      }
      return toReplay(chosen.reverse(), raw);
    },
  };
}

function takeNewest(cursors: { kept: Kept[]; at: number }[]): Kept | undefined {
  let newest: { kept: Kept[]; at: number } | undefined;
  for (const cursor of cursors)
    if (cursor.at >= 0 && (!newest || arrivalAt(cursor) > arrivalAt(newest))) newest = cursor;
  if (!newest) return undefined;
  newest.at -= 1;
  return newest.kept[newest.at + 1];
}

const arrivalAt = ({ kept, at }: { kept: Kept[]; at: number }) => kept[at]?.arrival ?? -1;

function toReplay(chosen: Kept[], raw: boolean): Replay {
  const spans: Spans = new Map();
  const frames: Buffer[] = [];
  for (const { topic, partition, seq, frame, rawFrame } of chosen) {
    addSpan(spans, { topic, partition, from_seq: seq, to_seq: seq });
    const bytes = raw ? rawFrame : frame;
    if (bytes) frames.push(bytes);
  }
  return { frames, spans };
}

const sizeOf = ({ frame, rawFrame }: Sent) => frame.length + (rawFrame?.length ?? 0);
