import { integerSetting, readEnvironment, textSetting } from '@shop/common';

/** The service's own settings. @throws SettingError */
export function readShippingSettings(env: NodeJS.ProcessEnv) {
  return readEnvironment(
    {
      CONSUMER_GROUP: textSetting('shipping-service'),
      // ksqlDB answers lists of up to 500 keys safely; 100 to 200 were fastest.
      LOOKUP_IDS_PER_QUERY: integerSetting({ min: 1, max: 500, fallback: 150 }),
      LOOKUP_QUERIES_IN_FLIGHT: integerSetting({ min: 1, max: 32, fallback: 4 }),
      LOOKUP_TIMEOUT_MS: integerSetting({ min: 100, max: 120_000, fallback: 10_000 }),
      CUSTOMER_WAIT_MS: integerSetting({ min: 0, max: 86_400_000, fallback: 60_000 }),
      DUPLICATE_WINDOW_MS: integerSetting({ min: 0, max: 86_400_000, fallback: 600_000 }),
    },
    env,
  );
}

export type ShippingSettings = ReturnType<typeof readShippingSettings>;
