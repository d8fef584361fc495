import type { Admin } from 'kafkajs';
import type { StartOffsets, TopicEnds } from './topic-positions.ts';

/** Those of the topics that exist, and a text that changes when one is added or deleted or gets more partitions. */
export interface PresentTopics {
  topics: string[];
  shape: string;
}

/** @throws when Kafka does not answer */
export async function listPresent(admin: Admin, topics: readonly string[]): Promise<PresentTopics> {
  const names = new Set(await admin.listTopics());
  const present = topics.filter((topic) => names.has(topic));
  if (present.length === 0) return { topics: [], shape: '' };
  const metadata = await admin.fetchTopicMetadata({ topics: present });
  const shape = metadata.topics.map(({ name, partitions }) => `${name}:${partitions.length}`).sort();
  return { topics: present, shape: shape.join() };
}

/** @throws when Kafka does not answer, or a topic does not exist */
export const readEnds = async (admin: Admin, topics: readonly string[]): Promise<TopicEnds> =>
  new Map(await Promise.all(topics.map(async (topic) => [topic, await admin.fetchTopicOffsets(topic)] as const)));

/**
 * Where to start to read a topic. `last` counts the offsets of each partition, transaction markers included; `time` is the
 * earliest timestamp, ms since 1970; `offsets` are by partition, and a partition without one is read from its beginning.
 */
export type StartAt =
  | 'beginning'
  | 'end'
  | { last: number }
  | { time: number }
  | { offsets: Readonly<Record<string, number>> };

/** Finds the offsets at which to start. @throws when Kafka does not answer */
export async function findStartOffsets(
  admin: Admin,
  ends: TopicEnds,
  startAt: (topic: string) => StartAt,
): Promise<StartOffsets> {
  const starts = new Map<string, ReadonlyMap<number, number>>();
  for (const [topic, partitions] of ends) {
    const start = startAt(topic);
    if (typeof start === 'object' && 'time' in start) starts.set(topic, await findByTime(admin, topic, start.time));
    else starts.set(topic, new Map(partitions.map((each) => [each.partition, choose(start, each)])));
  }
  return starts;
}

function choose(
  start: Exclude<StartAt, { time: number }>,
  { partition, low, high }: { partition: number; low: string; high: string },
): number {
  if (start === 'beginning') return Number(low);
  if (start === 'end') return Number(high);
  return 'last' in start ? Number(high) - start.last : (start.offsets[partition] ?? Number(low));
}

async function findByTime(admin: Admin, topic: string, time: number): Promise<ReadonlyMap<number, number>> {
  const found = await admin.fetchTopicOffsetsByTimestamp(topic, time);
  return new Map(found.map(({ partition, offset }) => [partition, Number(offset)]));
}
