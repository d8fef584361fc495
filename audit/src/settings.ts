import { httpUrl, integer, readSettings, text, topicName } from '@shop/common';
import { z } from 'zod';

const ms = integer(100, 86_400_000);

const settings = z.object({
  /** Pause between two rounds, ms. */
  AUDIT_INTERVAL_MS: ms.default(5_000),
  /** Service level for the age of shipped addresses, ms; never a violation (P3). */
  FRESHNESS_TARGET_MS: ms.default(5_000),
  /** Sums are compared exactly when nothing has moved for this long, ms (P5). */
  QUIET_MS: ms.default(30_000),
  /** How long ksqlDB may differ from its sources while nothing moves, ms (P5, P6). */
  SETTLE_MS: ms.default(15_000),
  /** A consumer with lag is stuck when nothing of its group has moved for this long, ms (P7). */
  STUCK_MS: ms.default(120_000),
  /** Rows of customers compared in one round (P6). */
  CUSTOMERS_PER_ROUND: integer(100, 100_000).default(2_000),
  /** The topic of ksqlDB's table of customers. */
  CUSTOMERS_TABLE_TOPIC: topicName().default('CUSTOMERS'),
  /** Consumer group of shipping-service. */
  SHIPPING_GROUP: text().default('shipping-service'),
  /** The window in which a service must recognize copies, ms. */
  DUPLICATE_WINDOW_MS: integer(0, 86_400_000).default(600_000),
  /** Address of the page and its stream (P8). */
  WEBSOCKET_URL: httpUrl().default('http://websocket:8080'),
});

/** @throws SettingError */
export const readAuditSettings = (env: NodeJS.ProcessEnv) => readSettings(settings, env);

export type AuditSettings = ReturnType<typeof readAuditSettings>;
