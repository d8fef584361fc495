import type { Admin } from 'kafkajs';
import { type FollowPlan, followTopics } from './follow-topics.ts';

/** Follows a topic that another program creates, from the first look at which it exists. */
export interface LateFollowing {
  /** Looks whether the topic exists, and starts to read it. @throws when Kafka does not answer */
  startIfPresent(): Promise<void>;
  /** Read so far. */
  readonly records: number;
  stop(): Promise<void>;
}

export function followWhenPresent(
  { topic, ...plan }: Omit<FollowPlan, 'topics'> & { topic: string; admin: Admin },
  context: Parameters<typeof followTopics>[1],
): LateFollowing {
  let started = false;
  let records = 0;
  const following = followTopics(
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
      await following.start();
    },
    get records() {
      return records;
    },
    stop: following.stop,
  };
}
