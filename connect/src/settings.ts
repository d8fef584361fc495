import { integerSetting, readEnvironment, topicSetting, urlSetting } from '@shop/common';

/** @throws SettingError */
export function readRegistrarSettings(env: NodeJS.ProcessEnv) {
  return readEnvironment(
    {
      /** Of Kafka Connect's REST API. */
      CONNECT_URL: urlSetting('http://connect:8083'),
      /** Between two looks at the connectors. */
      CONNECTOR_CHECK_INTERVAL_MS: integerSetting({ min: 100, max: 3_600_000, fallback: 5_000 }),
      /** What ksqlDB writes of its table of customers. */
      CUSTOMERS_TABLE_TOPIC: topicSetting('CUSTOMERS'),
    },
    env,
  );
}
