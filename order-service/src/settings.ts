import {
  integerSetting,
  numberSetting,
  optionalIntegerSetting,
  readEnvironment,
  refuseReversedLimits,
} from '@shop/common';

/** The order service's own settings. @throws SettingError */
export function readOrderSettings(env: NodeJS.ProcessEnv) {
  const settings = readEnvironment(
    {
      /** A fraction is fine: 0.1 is an order every ten seconds. */
      ORDERS_PER_SECOND: numberSetting({ min: 0.001, max: 200_000, fallback: 5 }),
      /** Pieces in an order, both limits included. */
      QUANTITY_MIN: integerSetting({ min: 1, max: 1_000_000, fallback: 1 }),
      QUANTITY_MAX: integerSetting({ min: 1, max: 1_000_000, fallback: 5 }),
      /** The same seed on the same tables makes the same choices; ids and times of orders are always new. */
      SEED: optionalIntegerSetting({ min: 0, max: 2 ** 32 - 1 }),
    },
    env,
  );
  refuseReversedLimits(settings, 'QUANTITY_MIN', 'QUANTITY_MAX');
  return settings;
}
