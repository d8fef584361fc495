import { integerSetting, readEnvironment } from '@shop/common';

/** @throws SettingError */
export function readApplierSettings(env: NodeJS.ProcessEnv) {
  return readEnvironment(
    {
      /** Between two looks at whether all statements are in place. */
      APPLY_INTERVAL_MS: integerSetting({ min: 100, max: 3_600_000, fallback: 10_000 }),
      /** Deadline of a CREATE or DROP, after which the service looks at what became of it. */
      STATEMENT_TIMEOUT_MS: integerSetting({ min: 100, max: 3_600_000, fallback: 120_000 }),
      /** How long a query may stand still with messages to read before its table is recreated. */
      QUERY_STUCK_MS: integerSetting({ min: 1_000, max: 86_400_000, fallback: 300_000 }),
    },
    env,
  );
}
