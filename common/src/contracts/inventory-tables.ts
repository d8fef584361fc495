import { z } from 'zod';

/** A table that has just begun may lack a column. */
const sum = z.number().nullish();

/** A row of ksqlDB's table LATEST_INVENTORY, as its topic has it. */
export const latestInventoryRow = z.looseObject({ TOTAL_REFILLS: sum.describe('Sum of the refills.') });

/** A row of ksqlDB's table TOTAL_ORDERS, as its topic has it. */
export const totalOrdersRow = z.looseObject({ QUANTITY: sum.describe('Sum of the ordered quantities.') });

/** A row of ksqlDB's table FINAL_INVENTORY, as its topic has it. */
export const finalInventoryRow = z.looseObject({
  PRODUCT_NAME: z.string().nullish().describe('The key, repeated.'),
  ...latestInventoryRow.shape,
  ...totalOrdersRow.shape,
  MOVING_INVENTORY: sum.describe('What is left: refills − orders.'),
});
