import { inOrder, integer, number, optionalInteger, readSettings } from '@shop/common';
import { z } from 'zod';

const settings = z
  .object({
    /** May be a fraction: 0.1 is an order every ten seconds. */
    ORDERS_PER_SECOND: number(0.001, 200_000).default(5),
    /** Pieces in an order, both limits included. */
    QUANTITY_MIN: integer(1, 1_000_000).default(1),
    QUANTITY_MAX: integer(1, 1_000_000).default(5),
    /** The same seed on the same tables makes the same choices; ids and times of orders are always new. */
    SEED: optionalInteger(0, 2 ** 32 - 1),
  })
  .check(inOrder('QUANTITY_MIN', 'QUANTITY_MAX'));

/** The settings of order-service alone. @throws SettingError */
export const readOrderSettings = (env: NodeJS.ProcessEnv) => readSettings(settings, env);
