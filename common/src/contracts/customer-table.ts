import { z } from 'zod';

const column = z.string().nullish();

/** A row of ksqlDB's table CUSTOMERS, as its topic has it. */
export const customerTableRow = z.looseObject({
  OP: column.describe('Operation of the change event; `d`: the customer was deleted.'),
  CHANGED_AT: z.number().nullish().describe('When the connector handled the change, ms since 1970.'),
  FIRST_NAME: column,
  LAST_NAME: column,
  ZIPCODE: column,
  COUNTRY: column,
  ADDRESS: column,
});
