import kafkajs, { type Admin } from 'kafkajs';
import type { Logger } from '../logger.ts';
import { describeError } from '../shop-error.ts';

/** Makes the broker stamp each message when it arrives, whatever time its producer gave. */
export const brokerTimestamps = { 'message.timestamp.type': 'LogAppendTime' } as const;

const [[setting, wanted]] = Object.entries(brokerTimestamps) as [[string, string]];
/** `configSource` of what was set on the topic itself. */
const setOnTopic = 1;

/**
 * Sets broker timestamps on existing topics that have the producers'. A producer's clock must not decide what counts as a
 * second copy of an order. A login that may not do so is logged with what to grant; the audit then trusts no timestamp.
 */
export async function setBrokerTimestamps(admin: Admin, topics: readonly string[], logger: Logger): Promise<void> {
  if (topics.length === 0) return;
  try {
    const resources = topics.map((name) => ({ type: kafkajs.ConfigResourceTypes.TOPIC, name }));
    const described = await admin.describeConfigs({ resources, includeSynonyms: false });
    const changes = described.resources
      .filter(({ configEntries }) =>
        configEntries.some((entry) => entry.configName === setting && entry.configValue !== wanted),
      )
      .map(({ resourceName, configEntries }) => ({
        type: kafkajs.ConfigResourceTypes.TOPIC,
        name: resourceName,
        // The request replaces all settings of the topic, so the others are sent as they are.
        configEntries: [
          ...configEntries
            .filter(({ configName, configSource }) => configSource === setOnTopic && configName !== setting)
            .map(({ configName, configValue }) => ({ name: configName, value: configValue })),
          { name: setting, value: wanted },
        ],
      }));
    if (changes.length === 0) return;
    await admin.alterConfigs({ validateOnly: false, resources: changes });
    logger.info({ topics: changes.map(({ name }) => name), [setting]: wanted }, 'topics now have broker timestamps');
  } catch (error) {
    if (!/authoriz/i.test(describeError(error))) throw error;
    logger.warn(
      { err: error, topics },
      `${setting} of the topics cannot be checked; grant DescribeConfigs and AlterConfigs, or set it to ${wanted} yourself`,
    );
  }
}
