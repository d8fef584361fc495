import { inOrder, integer, optionalInteger, readSettings } from '@shop/common';
import { z } from 'zod';

const settings = z
  .object({
    /** From the start of one round to the start of the next. */
    REFILL_INTERVAL_MS: integer(50, 86_400_000).default(10_000),
    /** Pieces added to each product, both limits included. */
    REFILL_MIN: integer(1, 1_000_000_000).default(20),
    REFILL_MAX: integer(1, 1_000_000_000).default(60),
    /** The same seed adds the same amounts. */
    SEED: optionalInteger(0, 2 ** 32 - 1),
  })
  .check(inOrder('REFILL_MIN', 'REFILL_MAX'));

/** The settings of refill-inventory alone. @throws SettingError */
export const readRefillSettings = (env: NodeJS.ProcessEnv) => readSettings(settings, env);
