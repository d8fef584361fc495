import { randomUUID } from 'node:crypto';
import { runConsumer, type ServiceContext } from '@shop/common';
import type { Kafka, KafkaMessage } from 'kafkajs';
import type { PipelineClock, StreamedChange } from './pipeline-clock.ts';
import { readStreamedChange } from './read-streamed-change.ts';

/**
 * Tells the clock how many partitions there are, and which customer changed last in each of them. Reads from the end of the topic, as the only member of
 * a group that commits nothing and that Kafka forgets once it is empty.
 *
 * @param group begins the group's name; in one of the same name a consumer would wait for the member that a kill left there
 * @returns a function that stops it
 */
export async function watchChanges(
  { kafka, topic, group, clock }: { kafka: Kafka; topic: string; group: string; clock: PipelineClock },
  context: ServiceContext,
): Promise<() => Promise<void>> {
  const running = await runConsumer(
    {
      kafka,
      config: () => ({ groupId: `${group}-${randomUUID()}`, maxWaitTimeInMs: 500 }),
      async start(consumer) {
        // The only member of a group has all partitions.
        consumer.on(consumer.events.GROUP_JOIN, ({ payload: { memberAssignment } }) => {
          const partitions = memberAssignment[topic];
          if (partitions) clock.notePartitions(partitions.length);
        });
        await consumer.subscribe({ topic, fromBeginning: false });
        await consumer.run({
          autoCommit: false,
          eachBatch: async ({ batch }) => {
            const change = findLast(batch.messages);
            if (change) clock.noteChange(batch.partition, change);
          },
        });
      },
    },
    context,
  );
  return () => running.stop();
}

/** Returns the last change that shows the progress of the pipeline. */
function findLast(messages: readonly KafkaMessage[]): StreamedChange | undefined {
  for (const { value } of messages.toReversed()) {
    const change = readStreamedChange(value);
    if (change) return change;
  }
  return undefined;
}
