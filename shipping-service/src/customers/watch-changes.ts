import { runConsumer, type ServiceContext } from '@shop/common';
import type { Kafka } from 'kafkajs';
import type { PipelineClock } from './pipeline-clock.ts';

/**
 * Tells the clock which customer changed last in each partition. Reads from the end of the topic, as the only member of
 * a group that commits nothing, and so leaves nothing behind.
 *
 * @returns what stops it
 */
export async function watchChanges(
  { kafka, topic, groupId, clock }: { kafka: Kafka; topic: string; groupId: string; clock: PipelineClock },
  context: ServiceContext,
): Promise<() => Promise<void>> {
  const running = await runConsumer(
    {
      kafka,
      config: { groupId, maxWaitTimeInMs: 500 },
      async start(consumer) {
        await consumer.subscribe({ topic, fromBeginning: false });
        await consumer.run({
          autoCommit: false,
          eachBatch: async ({ batch }) => {
            const id = Number(batch.messages.at(-1)?.key);
            if (Number.isSafeInteger(id)) clock.noteChange(batch.partition, id);
          },
        });
      },
    },
    context,
  );
  return () => running.stop();
}
