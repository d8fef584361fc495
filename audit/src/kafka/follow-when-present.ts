import type { Admin } from 'kafkajs';
import { type FollowPlan, followTopics } from './follow-topics.ts';

/** Follows a topic that another program creates. */
export interface LateFollower {
  /** Starts to read the topic if it exists and is not read yet. @throws when Kafka does not answer */
  startIfPresent(): Promise<void>;
  /** Number of records read so far. */
  readonly records: number;
  stop(): Promise<void>;
}

export function followWhenPresent(
  { topic, ...plan }: Omit<FollowPlan, 'topics'> & { topic: string; admin: Admin },
  context: Parameters<typeof followTopics>[1],
): LateFollower {
  let started = false;
  let records = 0;
  const follower = followTopics(
    {
      ...plan,
      topics: [topic],
      onRecord(record) {
        records += 1;
        plan.onRecord(record);
      },
    },
    context,
  );
  return {
    async startIfPresent() {
      if (started || !(await plan.admin.listTopics()).includes(topic)) return;
      started = true;
      await follower.start();
    },
    get records() {
      return records;
    },
    stop: follower.stop,
  };
}
