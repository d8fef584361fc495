import type { TestContext } from 'node:test';
import { createClosers, createLogger, createReport, type ServiceContext } from '@shop/common';
import type { Message } from 'kafkajs';
import type { TopicRecord } from '../../src/kafka/topic-record.ts';

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

/** No server listens there, as with a shop of which only Kafka runs. */
const unreachable = {
  POSTGRES_HOST: '127.0.0.1',
  POSTGRES_PORT: '1',
  KSQLDB_ENDPOINT: 'http://127.0.0.1:1',
  WEBSOCKET_URL: 'http://127.0.0.1:1',
};

/** What an audit is opened with, and what closes it. */
export function openAuditContext(t: TestContext, env: Record<string, string>) {
  const closers = createClosers();
  const ending = new AbortController();
  const context: ServiceContext = {
    name: 'audit-test',
    instance: 'one',
    env: { ...unreachable, ...env },
    logger: createLogger('audit-test', { LOG_LEVEL: 'silent' }),
    report: createReport(),
    signal: ending.signal,
    onClose: (close) => closers.add(close),
    fail: (error) => ending.abort(error),
  };
  async function close(): Promise<void> {
    ending.abort();
    await closers.closeAll();
  }
  t.after(close);
  return { context, close };
}

export const toMessage = ({ key, value, headers, timestamp }: TopicRecord): Message => ({
  key,
  value,
  headers: { ...headers },
  timestamp: String(timestamp),
});
