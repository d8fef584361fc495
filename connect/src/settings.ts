import { httpUrl, integer, readSettings, topicName } from '@shop/common';
import { z } from 'zod';

const settings = z.object({
  /** Of Kafka Connect's REST API. */
  CONNECT_URL: httpUrl().default('http://connect:8083'),
  /** Time between two checks of the connectors. */
  CONNECTOR_CHECK_INTERVAL_MS: integer(100, 3_600_000).default(5_000),
  /** What ksqlDB writes of its table of customers. */
  CUSTOMERS_TABLE_TOPIC: topicName().default('CUSTOMERS'),
});

/** @throws SettingError */
export const readRegistrarSettings = (env: NodeJS.ProcessEnv) => readSettings(settings, env);
