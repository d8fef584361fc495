import { followTopics, type ServiceContext, type TopicFollower } from '@shop/common';
import type { Admin, Kafka } from 'kafkajs';
import type { ConnectorRepairs } from './connector-repairs.ts';
import type { PipelineClock } from './pipeline-clock.ts';
import { readStreamedChange } from './read-streamed-change.ts';

interface ChangesPlan {
  kafka: Kafka;
  admin: Admin;
  /** Names of the topics of customer changes and of notes on repairs. */
  topics: { customers: string; repairs: string };
  clock: Pick<PipelineClock, 'notePartitions' | 'noteChange'>;
  repairs: ConnectorRepairs;
}

/** How long to read the notes before their end is asked for again, ms: a recreated topic ends earlier. */
const endMs = 2_000;

/**
 * Reports to the clock how many partitions the topic of changes has, and each change that shows the progress of the pipeline.
 * Records the notes on repairs. `start` resolves when the notes that existed then have been read.
 */
export function watchChanges(
  { kafka, admin, topics, clock, repairs }: ChangesPlan,
  context: ServiceContext,
): Pick<TopicFollower, 'start' | 'stop'> {
  const follower = followTopics(
    {
      kafka,
      admin,
      topics: [topics.customers, topics.repairs],
      startAt: (topic) => (topic === topics.customers ? 'end' : 'beginning'),
      onPartitions(topic, count) {
        if (topic === topics.customers) clock.notePartitions(count);
      },
      onRecord(record) {
        if (record.topic === topics.repairs) return repairs.noteRecord(record);
        const change = readStreamedChange(record.value);
        if (change) clock.noteChange(record.partition, change);
      },
      onGap(gap) {
        if (gap.topic === topics.repairs) repairs.noteLost();
        // Later changes show the progress as well.
        context.logger.warn(gap, 'changes of customers or notes on repairs lost before they were read');
      },
    },
    context,
  );
  return {
    async start() {
      await follower.start();
      let areAllRead = false;
      while (!areAllRead) areAllRead = await follower.catchUp([topics.repairs], endMs);
      repairs.noteAllRead();
    },
    stop: follower.stop,
  };
}
