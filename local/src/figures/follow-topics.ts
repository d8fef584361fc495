import { randomUUID } from 'node:crypto';
import {
  createKafka,
  createLogger,
  createReport,
  ensureTopics,
  type KafkaSettings,
  type RunningConsumer,
  runConsumer,
  type TopicDefinition,
  waitUntilDone,
} from '@shop/common';
import type { Consumer, Kafka } from 'kafkajs';
import { fitsTopics, type KeptFigures, readKeptFigures, writeKeptFigures } from './kept-figures.ts';
import { type CountedTopic, createTally, type Figures, type Tally } from './tally.ts';

export interface FollowPlan {
  kafka: KafkaSettings;
  topics: Readonly<Record<CountedTopic, TopicDefinition>>;
  /** Keeps what was counted, for the next start. */
  file: string;
  /** When `npm start` began. */
  since: number;
  signal: AbortSignal;
  /** Called when counting is not possible. */
  onError(error: unknown): void;
  /** Called once when the figures cannot be written, and again only after a success. */
  onUnkept(error: unknown): void;
}

export interface Following {
  figures(): Figures;
  firstShipmentAt(): number | undefined;
  close(): Promise<void>;
}

const keepEveryMs = 5_000;

/** Counts what is in the topics, read committed, from where the last start has stopped. */
export function followTopics(plan: FollowPlan): Following {
  const kafka = createKafka(plan.kafka, { clientId: 'npm-start' });
  let tally: Tally = createTally(plan.since);
  let consumer: RunningConsumer | undefined;
  const offsets: KeptFigures['offsets'] = {};
  const context = quiet(plan.signal);

  const brokers = plan.kafka.brokers.join(',');
  const keep = () => writeKeptFigures(plan.file, { brokers, offsets, tally: tally.keep() });
  let isKept = true;

  /** A full disk must not stop the shop. The figures are kept when there is room again. */
  function tryToKeep(): void {
    try {
      keep();
      isKept = true;
    } catch (error) {
      if (isKept) plan.onUnkept(error);
      isKept = false;
    }
  }

  async function begin(): Promise<void> {
    const names = Object.values(plan.topics).map(({ topic }) => topic);
    // The first process to need them creates them.
    await ensureTopics(kafka, plan.kafka, Object.values(plan.topics), context);
    const ends = await waitUntilDone('Kafka', () => readEnds(kafka, names), context);
    const kept = readKeptFigures(plan.file);
    const usable = kept?.brokers === brokers && fitsTopics(kept.offsets, ends) ? kept : undefined;
    tally = createTally(plan.since, usable?.tally);
    for (const [topic, partitions] of Object.entries(ends))
      offsets[topic] = Object.fromEntries(
        partitions.map(({ partition, low }) => [partition, usable?.offsets[topic]?.[partition] ?? low]),
      );
    consumer = await runConsumer(
      {
        kafka,
        // A new group each time, so no start waits for the session of a killed member.
        config: () => ({
          groupId: `npm-start-${randomUUID()}`,
          // Closing waits for the fetch that is under way; and a few large ones a second cost less than many small ones.
          maxWaitTimeInMs: 500,
          minBytes: 256 * 1024,
        }),
        start: (made) => readFrom(made, names),
      },
      { ...context, fail: plan.onError },
    );
    const keeping = setInterval(tryToKeep, keepEveryMs);
    plan.signal.addEventListener('abort', () => clearInterval(keeping), { once: true });
  }

  async function readFrom(made: Consumer, names: string[]): Promise<void> {
    await made.subscribe({ topics: names, fromBeginning: true });
    await made.run({
      autoCommit: false,
      eachBatch: async ({ batch: { topic, partition, messages } }) => countBatch(topic, partition, messages),
    });
    for (const [topic, partitions] of Object.entries(offsets))
      for (const [partition, offset] of Object.entries(partitions))
        made.seek({ topic, partition: Number(partition), offset });
  }

  function countBatch(
    topic: string,
    partition: number,
    messages: { offset: string; key: Buffer | null; value: Buffer | null; timestamp: string }[],
  ): void {
    const counted = (Object.keys(plan.topics) as CountedTopic[]).find((name) => plan.topics[name].topic === topic);
    const read = offsets[topic];
    if (!counted || !read) return;
    for (const { offset, key, value, timestamp } of messages) {
      // A restarted reader may get records again that it has counted.
      if (BigInt(offset) < BigInt(read[partition] ?? 0)) continue;
      tally.count(counted, { key, value, writtenAt: Number(timestamp) });
      read[partition] = String(BigInt(offset) + 1n);
    }
  }

  void begin().catch((error: unknown) => {
    if (!plan.signal.aborted) plan.onError(error);
  });

  return {
    figures: () => tally.figures(),
    firstShipmentAt: () => tally.firstShipmentAt(),
    async close() {
      // Nothing was read yet: there is nothing to keep, and Kafka may never answer.
      if (!consumer) return;
      await consumer.stop();
      keep();
    },
  };
}

type TopicEnds = Record<string, { partition: number; low: string; high: string }[]>;

async function readEnds(kafka: Kafka, topics: string[]): Promise<TopicEnds> {
  const admin = kafka.admin();
  try {
    await admin.connect();
    const ends: TopicEnds = {};
    for (const topic of topics) ends[topic] = await admin.fetchTopicOffsets(topic);
    return ends;
  } finally {
    await admin.disconnect();
  }
}

/** Waiting for Kafka is no news here: the start of the fleet is what is waited for. */
const quiet = (signal: AbortSignal) => ({
  logger: createLogger('npm-start', { LOG_LEVEL: 'silent' }),
  report: createReport(),
  signal,
});
