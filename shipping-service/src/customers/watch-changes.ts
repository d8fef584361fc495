import { followTopics, type ServiceContext, type TopicFollower } from '@shop/common';
import type { Admin, Kafka } from 'kafkajs';
import type { PipelineClock } from './pipeline-clock.ts';
import { readStreamedChange } from './read-streamed-change.ts';

interface ChangesPlan {
  kafka: Kafka;
  admin: Admin;
  /** The topic of customer changes. */
  topic: string;
  clock: Pick<PipelineClock, 'notePartitions' | 'noteChange'>;
}

/** Reports to the clock how many partitions the topic has, and each change that shows the progress of the pipeline. */
export const watchChanges = (
  { kafka, admin, topic, clock }: ChangesPlan,
  context: ServiceContext,
): Pick<TopicFollower, 'start' | 'stop'> =>
  followTopics(
    {
      kafka,
      admin,
      topics: [topic],
      startAt: () => 'end',
      onPartitions: (_, count) => clock.notePartitions(count),
      onRecord({ partition, value }) {
        const change = readStreamedChange(value);
        if (change) clock.noteChange(partition, change);
      },
      // Later changes show the progress as well.
      onGap: (gap) => context.logger.warn(gap, 'changes of customers lost before they were read'),
    },
    context,
  );
