import { integerSetting, optionalIntegerSetting, readEnvironment, refuseReversedLimits } from '@shop/common';

/** The settings of refill-inventory alone. @throws SettingError */
export function readRefillSettings(env: NodeJS.ProcessEnv) {
  const settings = readEnvironment(
    {
      /** From the start of one round to the start of the next. */
      REFILL_INTERVAL_MS: integerSetting({ min: 50, max: 86_400_000, fallback: 10_000 }),
      /** Pieces added to each product, both limits included. */
      REFILL_MIN: integerSetting({ min: 1, max: 1_000_000_000, fallback: 20 }),
      REFILL_MAX: integerSetting({ min: 1, max: 1_000_000_000, fallback: 60 }),
      /** The same seed adds the same amounts. */
      SEED: optionalIntegerSetting({ min: 0, max: 2 ** 32 - 1 }),
    },
    env,
  );
  refuseReversedLimits(settings, 'REFILL_MIN', 'REFILL_MAX');
  return settings;
}
