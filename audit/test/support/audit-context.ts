import type { TestContext } from 'node:test';
import type { TopicRecord } from '@shop/common';
import { openServiceContext } from '@shop/test-support';
import type { Message } from 'kafkajs';

/** The topics that an audit reads, by the variables that name them. */
export const topicVariables = [
  'CUSTOMERS_TOPIC',
  'CUSTOMERS_TABLE_TOPIC',
  'ORDERS_TOPIC',
  'REFILLS_TOPIC',
  'SHIPMENTS_TOPIC',
  'ORDERS_WAITING_TOPIC',
  'DEAD_LETTERS_TOPIC',
];

/** Addresses without a server, as in a shop of which only Kafka runs. */
const unreachable = {
  POSTGRES_HOST: '127.0.0.1',
  POSTGRES_PORT: '1',
  KSQLDB_ENDPOINT: 'http://127.0.0.1:1',
  WEBSOCKET_URL: 'http://127.0.0.1:1',
};

/** Opens the context that an audit needs. @returns it and a function that closes it */
export const openAuditContext = (t: TestContext, env: Record<string, string>) =>
  openServiceContext(t, 'audit-test', { ...unreachable, ...env });

export const toMessage = ({ key, value, headers, timestamp }: TopicRecord): Message => ({
  key,
  value,
  headers: { ...headers },
  timestamp: String(timestamp),
});
