import { httpUrl, integer, readSettings, text, topicName } from '@shop/common';
import { z } from 'zod';

const ms = integer(100, 86_400_000);

const settings = z.object({
  /** Between two rounds. */
  AUDIT_INTERVAL_MS: ms.default(5_000),
  /** How long a shipped address should at most have been a former one: a service level, no verdict (P3). */
  FRESHNESS_TARGET_MS: ms.default(5_000),
  /** When nothing has moved for so long, sums are compared exactly (P5). */
  QUIET_MS: ms.default(30_000),
  /** How long ksqlDB may differ from its sources while nothing moves (P5, P6). */
  SETTLE_MS: ms.default(15_000),
  /** A consumer that has something to read is stuck when nothing of its group has moved for so long (P7). */
  STUCK_MS: ms.default(120_000),
  /** Rows of customers that are compared in a round (P6). */
  CUSTOMERS_PER_ROUND: integer(100, 100_000).default(2_000),
  /** What ksqlDB publishes of its table of customers. */
  CUSTOMERS_TABLE_TOPIC: topicName().default('CUSTOMERS'),
  /** Of shipping-service: its consumer group, and the window in which it tells copies. */
  SHIPPING_GROUP: text().default('shipping-service'),
  DUPLICATE_WINDOW_MS: integer(0, 86_400_000).default(600_000),
  /** Where the page and its stream are served (P8). */
  WEBSOCKET_URL: httpUrl().default('http://websocket:8080'),
});

/** @throws SettingError */
export const readAuditSettings = (env: NodeJS.ProcessEnv) => readSettings(settings, env);

export type AuditSettings = ReturnType<typeof readAuditSettings>;
