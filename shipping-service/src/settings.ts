import { integer, readSettings, text } from '@shop/common';
import { z } from 'zod';

const settings = z.object({
  CONSUMER_GROUP: text().default('shipping-service'),
  // ksqlDB answers lists of up to 500 keys safely; 100 to 200 were fastest.
  LOOKUP_IDS_PER_QUERY: integer(1, 500).default(150),
  LOOKUP_QUERIES_IN_FLIGHT: integer(1, 32).default(4),
  LOOKUP_TIMEOUT_MS: integer(100, 120_000).default(10_000),
  CUSTOMER_WAIT_MS: integer(0, 86_400_000).default(60_000),
  DUPLICATE_WINDOW_MS: integer(0, 86_400_000).default(600_000),
});

/** The settings of shipping-service alone. @throws SettingError */
export const readShippingSettings = (env: NodeJS.ProcessEnv) => readSettings(settings, env);
