import type { Kafka } from 'kafkajs';
import { runWithPauses } from '../service/run-every.ts';
import type { ServiceContext } from '../service/run-service.ts';
import type { KafkaSettings } from '../settings/kafka-settings.ts';
import { describeError } from '../shop-error.ts';
import { ensureTopics, type TopicDefinition } from './ensure-topics.ts';

/** Time between two checks, ms. */
const lookEveryMs = 5_000;

/**
 * Creates the topics that are missing, as `ensureTopics` does, and recreates a topic that is deleted: without it every
 * service would wait forever. Its messages are lost, which is logged once.
 */
export async function keepTopics(
  kafka: Kafka,
  settings: KafkaSettings,
  topics: TopicDefinition[],
  context: Pick<ServiceContext, 'logger' | 'report' | 'signal' | 'onClose' | 'fail'>,
): Promise<void> {
  await ensureTopics(kafka, settings, topics, context);
  const admin = kafka.admin({ retry: { retries: 2 } });
  context.onClose(() => admin.disconnect());
  runWithPauses(lookEveryMs, recreateGone, context, lookEveryMs);

  async function recreateGone(): Promise<void> {
    const gone = await listGone();
    if (gone.length === 0) return;
    context.logger.error({ topics: gone }, 'topics were deleted with their messages, recreating them');
    await ensureTopics(kafka, settings, topics, context);
  }

  async function listGone(): Promise<string[]> {
    try {
      // Opens a connection only where there is none.
      await admin.connect();
      const present = new Set(await admin.listTopics());
      return topics.map(({ topic }) => topic).filter((topic) => !present.has(topic));
    } catch (error) {
      // The services that use Kafka log that it is unavailable.
      context.report.noteError(error);
      context.logger.debug({ reason: describeError(error) }, 'the topics could not be listed');
      return [];
    }
  }
}
