import { integerSetting, readEnvironment, textSetting, topicSetting, urlSetting } from '@shop/common';

const ms = (fallback: number) => integerSetting({ min: 100, max: 86_400_000, fallback });

/** @throws SettingError */
export function readAuditSettings(env: NodeJS.ProcessEnv) {
  return readEnvironment(
    {
      /** Between two rounds. */
      AUDIT_INTERVAL_MS: ms(5_000),
      /** How long a shipped address should at most have been a former one: a service level, no verdict (P3). */
      FRESHNESS_TARGET_MS: ms(5_000),
      /** When nothing has moved for so long, sums are compared exactly (P5). */
      QUIET_MS: ms(30_000),
      /** How long ksqlDB may differ from its sources while nothing moves (P5, P6). */
      SETTLE_MS: ms(15_000),
      /** A consumer that has something to read is stuck when nothing of its group has moved for so long (P7). */
      STUCK_MS: ms(120_000),
      /** Rows of customers that are compared in a round (P6). */
      CUSTOMERS_PER_ROUND: integerSetting({ min: 100, max: 100_000, fallback: 2_000 }),
      /** What ksqlDB publishes of its table of customers. */
      CUSTOMERS_TABLE_TOPIC: topicSetting('CUSTOMERS'),
      /** Of shipping-service: its consumer group, and the window in which it tells copies. */
      SHIPPING_GROUP: textSetting('shipping-service'),
      DUPLICATE_WINDOW_MS: integerSetting({ min: 0, max: 86_400_000, fallback: 600_000 }),
      /** Where the page and its stream are served (P8). */
      WEBSOCKET_URL: urlSetting('http://websocket:8080'),
    },
    env,
  );
}

export type AuditSettings = ReturnType<typeof readAuditSettings>;
