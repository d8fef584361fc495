import { integerSetting, optionalIntegerSetting, readEnvironment } from '@shop/common';

const mostAtOnce = 100_000;

/** The updater's own settings. @throws SettingError */
export function readUpdaterSettings(env: NodeJS.ProcessEnv) {
  return readEnvironment(
    {
      /** From the start of one change to the start of the next. */
      UPDATE_INTERVAL_MS: integerSetting({ min: 50, max: 86_400_000, fallback: 4_000 }),
      /** Customers that register, move and leave with each change. */
      CUSTOMERS_INSERTED: integerSetting({ min: 0, max: mostAtOnce, fallback: 10 }),
      CUSTOMERS_MOVED: integerSetting({ min: 0, max: mostAtOnce, fallback: 5 }),
      CUSTOMERS_DELETED: integerSetting({ min: 0, max: mostAtOnce, fallback: 1 }),
      /** The same seed on the same table makes the same choices. */
      SEED: optionalIntegerSetting({ min: 0, max: 2 ** 32 - 1 }),
    },
    env,
  );
}
