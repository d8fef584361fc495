import { SettingError, type ShopTopics } from '@shop/common';
import type { Statement } from './read-statements.ts';

const variables = { customers: 'CUSTOMERS_TOPIC', orders: 'ORDERS_TOPIC', refills: 'REFILLS_TOPIC' } as const;

/**
 * Refuses a topic that the services use under another name than the statements, which are data and never rewritten:
 * the tables would stay empty without an error.
 *
 * @throws SettingError
 */
export function requireTopics(statements: Statement[], topics: ShopTopics): void {
  const read = statements.flatMap(({ sourceTopic }) => sourceTopic ?? []);
  for (const [name, variable] of Object.entries(variables)) {
    const { topic } = topics[name as keyof typeof variables];
    if (read.includes(topic)) continue;
    throw new SettingError({
      file: 'docker-compose.yml (environment)',
      key: variable,
      found: topic,
      expected: `a topic that ksql/statements read (${read.join(', ')}); change KAFKA_TOPIC there too`,
    });
  }
}
