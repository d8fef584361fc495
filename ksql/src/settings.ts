import { integerSetting, readEnvironment } from '@shop/common';

/** @throws SettingError */
export function readApplierSettings(env: NodeJS.ProcessEnv) {
  return readEnvironment(
    {
      /** Between two looks at whether all statements stand. */
      APPLY_INTERVAL_MS: integerSetting({ min: 100, max: 3_600_000, fallback: 10_000 }),
    },
    env,
  );
}
