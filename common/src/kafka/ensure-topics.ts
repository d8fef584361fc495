import type { Admin, Kafka } from 'kafkajs';
import type { ServiceContext } from '../service/run-service.ts';
import { waitUntilDone } from '../service/wait-until-done.ts';
import type { KafkaSettings } from '../settings/kafka-settings.ts';
import { describeError, ShopError, toError } from '../shop-error.ts';
import { setBrokerTimestamps } from './broker-timestamps.ts';
import { toKafkaError } from './kafka-error.ts';

export interface TopicDefinition {
  topic: string;
  partitions: number;
  config: Record<string, string>;
}

/**
 * Creates the topics that are missing, with the broker's own replication, and waits until every partition of all of them
 * has a leader: kafkajs, sending to a topic created a moment ago, would send part of a batch twice. Existing topics get
 * broker timestamps where the definition has them, and keep all other settings. Several services may do this at once.
 */
export async function ensureTopics(
  kafka: Kafka,
  settings: KafkaSettings,
  topics: TopicDefinition[],
  context: Pick<ServiceContext, 'logger' | 'report' | 'signal'>,
): Promise<void> {
  await waitUntilDone('Kafka topics', () => tryToEnsure(kafka, settings, topics, context), context);
}

async function tryToEnsure(
  kafka: Kafka,
  settings: KafkaSettings,
  topics: TopicDefinition[],
  { logger }: Pick<ServiceContext, 'logger'>,
): Promise<void> {
  const admin = kafka.admin({ retry: { retries: 2 } });
  try {
    await admin.connect();
    const present = new Set(await admin.listTopics());
    const missing = topics.filter(({ topic }) => !present.has(topic));
    if (missing.length > 0 && (await create(admin, missing)))
      logger.info({ topics: missing.map(({ topic }) => topic) }, 'created topics');
    await requireLeaders(admin, settings, topics);
    const existing = topics.filter((each) => present.has(each.topic) && 'message.timestamp.type' in each.config);
    await setBrokerTimestamps(
      admin,
      existing.map(({ topic }) => topic),
      logger,
    );
  } catch (error) {
    throw error instanceof ShopError ? error : toKafkaError(error, settings);
  } finally {
    await admin.disconnect();
  }
}

function create(admin: Admin, topics: TopicDefinition[]): Promise<boolean> {
  return admin.createTopics({
    waitForLeaders: false,
    topics: topics.map(({ topic, partitions, config }) => ({
      topic,
      numPartitions: partitions,
      replicationFactor: -1,
      configEntries: Object.entries(config).map(([name, value]) => ({ name, value })),
    })),
  });
}

/** Asks the leader of every partition: metadata can name a leader that does not answer for it yet. */
async function requireLeaders(admin: Admin, settings: KafkaSettings, topics: TopicDefinition[]): Promise<void> {
  await Promise.all(
    topics.map(async ({ topic }) => {
      try {
        await admin.fetchTopicOffsets(topic);
      } catch (cause) {
        const known = toKafkaError(Object.assign(toError(cause), { topic }), settings);
        if (!known.canRetry) throw known;
        throw new ShopError('topics_settling', `a partition has no leader yet: ${describeError(cause)}`, {
          cause,
          canRetry: true,
        });
      }
    }),
  );
}
