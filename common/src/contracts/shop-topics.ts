import { z } from 'zod';
import { brokerTimestamps } from '../kafka/broker-timestamps.ts';
import type { TopicDefinition } from '../kafka/ensure-topics.ts';
import { readSettings } from '../settings/read-settings.ts';
import { integer, topicName } from '../settings/setting-types.ts';

/** Every topic of the shop in the order of the flow, by the names in docker-compose.yml. ksqlDB creates the upper-case ones. */
export const shopTopicNames = [
  'dummy.public.customers',
  'customer_orders',
  'inventory_refills',
  'shipments',
  'orders_waiting',
  'dead_letters',
  'service_status',
  'CUSTOMERS',
  'LATEST_INVENTORY',
  'TOTAL_ORDERS',
  'FINAL_INVENTORY',
  'audit_results',
  'shop_commands',
  'shop_command_results',
] as const;
export type ShopTopicName = (typeof shopTopicNames)[number];

/** The environment variable that names each topic, with the name it has in the shop. */
const topicSettings = z.object({
  CUSTOMERS_TOPIC: topicName().default('dummy.public.customers'),
  ORDERS_TOPIC: topicName().default('customer_orders'),
  REFILLS_TOPIC: topicName().default('inventory_refills'),
  SHIPMENTS_TOPIC: topicName().default('shipments'),
  ORDERS_WAITING_TOPIC: topicName().default('orders_waiting'),
  DEAD_LETTERS_TOPIC: topicName().default('dead_letters'),
  SERVICE_STATUS_TOPIC: topicName().default('service_status'),
  AUDIT_RESULTS_TOPIC: topicName().default('audit_results'),
  COMMANDS_TOPIC: topicName().default('shop_commands'),
  COMMAND_RESULTS_TOPIC: topicName().default('shop_command_results'),
  REPAIRS_TOPIC: topicName().default('connector_repairs'),
  TOPIC_PARTITIONS: integer(1, 200).default(6),
  TOPIC_RETENTION_HOURS: integer(1, 8_760).default(24),
});

export interface ShopTopics {
  customers: TopicDefinition;
  orders: TopicDefinition;
  refills: TopicDefinition;
  shipments: TopicDefinition;
  ordersWaiting: TopicDefinition;
  deadLetters: TopicDefinition;
  serviceStatus: TopicDefinition;
  auditResults: TopicDefinition;
  commands: TopicDefinition;
  commandResults: TopicDefinition;
  /** The registrar's own topic, which shipping-service follows. */
  repairs: TopicDefinition;
}

/** A message that contains another one needs more than the broker's default of 1 MiB. */
const derived = { 'max.message.bytes': String(2 * 1024 * 1024) };

/**
 * The topics that the services write and read, by names from docker-compose.yml, as they are to be created.
 *
 * @throws SettingError
 */
export function readTopics(env: NodeJS.ProcessEnv): ShopTopics {
  const settings = readSettings(topicSettings, env);
  const retentionMs = String(settings.TOPIC_RETENTION_HOURS * 3_600_000);
  const partitions = settings.TOPIC_PARTITIONS;
  const keptForAWhile = (topic: string, config: Record<string, string> = {}): TopicDefinition => ({
    topic,
    partitions,
    config: { ...brokerTimestamps, 'cleanup.policy': 'delete', 'retention.ms': retentionMs, ...config },
  });
  return {
    // Compacted late, so that the changes of the last day can still be followed one by one.
    customers: {
      topic: settings.CUSTOMERS_TOPIC,
      partitions,
      config: { ...brokerTimestamps, 'cleanup.policy': 'compact', 'min.compaction.lag.ms': retentionMs },
    },
    orders: keptForAWhile(settings.ORDERS_TOPIC),
    refills: keptForAWhile(settings.REFILLS_TOPIC),
    shipments: keptForAWhile(settings.SHIPMENTS_TOPIC, derived),
    ordersWaiting: keptForAWhile(settings.ORDERS_WAITING_TOPIC, derived),
    deadLetters: keptForAWhile(settings.DEAD_LETTERS_TOPIC, derived),
    serviceStatus: {
      topic: settings.SERVICE_STATUS_TOPIC,
      partitions,
      config: { ...brokerTimestamps, 'cleanup.policy': 'compact' },
    },
    auditResults: {
      topic: settings.AUDIT_RESULTS_TOPIC,
      partitions,
      config: { ...brokerTimestamps, 'cleanup.policy': 'compact' },
    },
    // Commands are few. One partition keeps them in their order, and gives each to one instance of its service.
    commands: { ...keptForAWhile(settings.COMMANDS_TOPIC), partitions: 1 },
    commandResults: { ...keptForAWhile(settings.COMMAND_RESULTS_TOPIC), partitions: 1 },
    repairs: {
      topic: settings.REPAIRS_TOPIC,
      partitions: 1,
      config: { ...brokerTimestamps, 'cleanup.policy': 'compact' },
    },
  };
}
