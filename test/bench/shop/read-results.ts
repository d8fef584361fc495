import { readToEnd, type TopicRecord } from '@shop/common';
import { openServiceContext, openTestKafka, type Scope, until } from '@shop/test-support';
import { createAnswerCount } from '../check-answers.ts';
import type { Answers } from '../figure.ts';

/** Waits until a group has committed the offsets after the last message of each partition. */
export async function untilAllCommitted(topic: string, groupId: string, hasEnded: Promise<unknown>): Promise<void> {
  const kafka = await openTestKafka();
  const stop = new AbortController();
  const ended = hasEnded.then(() => stop.abort(new Error(`the process ended before it had read ${topic}`)));
  const readRemaining = async () => {
    const ends = await kafka.admin.fetchTopicOffsets(topic);
    const [committed] = await kafka.admin.fetchOffsets({ groupId, topics: [topic] });
    return ends.reduce((sum, { partition, high }) => {
      const offset = Number(committed?.partitions.find((each) => each.partition === partition)?.offset ?? 0);
      return sum + Number(high) - Math.max(0, offset);
    }, 0);
  };
  try {
    const everything = async () => (await readRemaining()) === 0;
    await Promise.race([
      until(`${groupId} at the end of ${topic}`, everything, { patienceMs: 900_000, signal: stop.signal }),
      ended.then(() => stop.signal.throwIfAborted()),
    ]);
  } finally {
    await kafka.close();
  }
}

export interface Results {
  answers: Answers;
  /** Messages per second, from the first message to the last, by the broker's clock. */
  perSecond: number;
}

/**
 * Reads the committed messages of a topic whose timestamps are the broker's.
 *
 * @param read gives the number of a message, and whether its content is right
 */
export async function readResults(
  scope: Scope,
  topic: string,
  expected: number,
  read: (record: TopicRecord) => { index: number; right: boolean },
): Promise<Results> {
  const { kafka, close } = await openTestKafka();
  const { context } = openServiceContext(scope, 'bench', {});
  const { add, answers } = createAnswerCount(expected);
  const times = new Map<number, number>();
  const onRecord = (record: TopicRecord) => {
    const { index, right } = read(record);
    add(index, right);
    times.set(record.timestamp, (times.get(record.timestamp) ?? 0) + 1);
  };
  await readToEnd({ kafka, topic, onRecord }, context);
  await close();
  const [first, last] = [Math.min(...times.keys()), Math.max(...times.keys())];
  // The messages of the first moment took time before it, which is not measured.
  const after = answers.received - (times.get(first) ?? 0);
  return { answers, perSecond: (after * 1_000) / (last - first) };
}
