import type { Admin, Kafka } from 'kafkajs';
import { describeError } from '../../shop-error.ts';
import { type FollowContext, followTopics } from './follow-topics.ts';
import { listPresent, readEnds } from './topic-offsets.ts';
import type { TopicEnds } from './topic-positions.ts';
import type { TopicRecord } from './topic-record.ts';

export interface ReadToEndPlan {
  kafka: Kafka;
  topic: string;
  onRecord(record: TopicRecord): void;
}

/** How often to check whether the topic was deleted or recreated, ms. */
const checkEveryMs = 2_000;

/**
 * Reads the committed records of a topic from its beginning to its current end. A topic that does not exist counts as empty.
 *
 * @throws when Kafka does not answer at the start, or the signal is aborted
 */
export async function readToEnd({ kafka, topic, onRecord }: ReadToEndPlan, context: FollowContext): Promise<void> {
  const admin = kafka.admin({ retry: { retries: 2 } });
  await admin.connect();
  try {
    let ends = await readPresentEnds(admin, topic);
    // Joining a group takes seconds on some clusters, and there may be nothing to read.
    if (isEmpty(ends)) return;
    const onGap = (gap: object) => context.logger.warn(gap, 'records were lost while they were read');
    const follower = followTopics({ kafka, admin, topics: [topic], onRecord, onGap }, context);
    try {
      await follower.start();
      while (!(await follower.reach(ends, checkEveryMs))) ends = await lowerEnds(ends);
    } finally {
      await follower.stop();
    }
  } finally {
    await admin.disconnect();
  }

  /** A topic that was deleted or recreated may never reach its former end. */
  async function lowerEnds(ends: TopicEnds): Promise<TopicEnds> {
    try {
      const current = new Map((await readPresentEnds(admin, topic)).get(topic)?.map((each) => [each.partition, each]));
      const lowered = (ends.get(topic) ?? []).flatMap((end) => {
        const now = current.get(end.partition);
        return now ? [Number(now.high) < Number(end.high) ? now : end] : [];
      });
      return new Map([[topic, lowered]]);
    } catch (error) {
      // The consumer logs that Kafka is unavailable.
      context.logger.debug({ topic, reason: describeError(error) }, 'the end offsets could not be read');
      return ends;
    }
  }
}

const readPresentEnds = async (admin: Admin, topic: string): Promise<TopicEnds> =>
  readEnds(admin, (await listPresent(admin, [topic])).topics);

const isEmpty = (ends: TopicEnds): boolean => [...ends.values()].flat().every(({ low, high }) => low === high);
