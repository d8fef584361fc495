import { integer, optionalInteger, readSettings } from '@shop/common';
import { z } from 'zod';

const mostAtOnce = 100_000;

const settings = z.object({
  /** From the start of one round to the start of the next. */
  UPDATE_INTERVAL_MS: integer(50, 86_400_000).default(4_000),
  /** Customers who register, move and leave in each round. */
  CUSTOMERS_INSERTED: integer(0, mostAtOnce).default(10),
  CUSTOMERS_MOVED: integer(0, mostAtOnce).default(5),
  CUSTOMERS_DELETED: integer(0, mostAtOnce).default(1),
  /** The same seed on the same table makes the same choices. */
  SEED: optionalInteger(0, 2 ** 32 - 1),
});

/** The updater's own settings. @throws SettingError */
export const readUpdaterSettings = (env: NodeJS.ProcessEnv) => readSettings(settings, env);
