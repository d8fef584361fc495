import { SettingError, type ShopTopics, type TopicDefinition } from '@shop/common';
import type { ConnectorDefinition } from './read-connectors.ts';

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;

/**
 * The topics that a Debezium connector writes. It creates none, and it fails where Kafka does not create them either.
 *
 * @param like how a topic of change events is created
 */
export function deriveTopics({ config }: ConnectorDefinition, like: TopicDefinition): TopicDefinition[] {
  const prefix = config['topic.prefix'];
  if (prefix === undefined) return [];
  // The list holds patterns; `public\.customers` is a plain name, `public\..*` is none.
  const tables = (config['table.include.list'] ?? '')
    .split(',')
    .map((table) => table.trim().replaceAll('\\.', '.'))
    .filter((table) => /^\w+\.\w+$/.test(table));
  const changes = tables.map((table) => ({ ...like, topic: `${prefix}.${table}` }));
  const short = { partitions: 1, config: { 'cleanup.policy': 'delete', 'retention.ms': String(dayMs) } };
  const sink = config['notification.sink.topic.name'];
  const notifications = sink === undefined ? [] : [{ ...short, topic: sink }];
  if (!(Number(config['heartbeat.interval.ms']) > 0)) return [...changes, ...notifications];
  const heartbeats = {
    topic: `${config['topic.heartbeat.prefix'] ?? '__debezium-heartbeat'}.${prefix}`,
    partitions: 1,
    config: { 'cleanup.policy': 'delete', 'retention.ms': String(hourMs) },
  };
  return [...changes, heartbeats, ...notifications];
}

/**
 * Refuses a customers topic that no connector writes: everything downstream would wait forever.
 *
 * @throws SettingError
 */
export function requireCustomersTopic(definitions: ConnectorDefinition[], { customers }: ShopTopics): void {
  const written = definitions.flatMap((definition) => deriveTopics(definition, customers)).map(({ topic }) => topic);
  if (!written.includes(customers.topic))
    throw new SettingError({
      file: 'docker-compose.yml (environment)',
      key: 'CUSTOMERS_TOPIC',
      found: customers.topic,
      expected: `a topic that a connector writes (${written.join(', ')}); change topic.prefix or table.include.list too`,
    });
}
