import { z } from 'zod';

const column = z.string().nullish();

/** A row of ksqlDB's table CUSTOMERS as its topic has it; key: the customer's id. */
export const customerTableRow = z.looseObject({
  /** Debezium's operation; `d`: the customer was deleted. */
  OP: column,
  /** When the connector handled the change, ms since 1970. */
  CHANGED_AT: z.number().nullish(),
  FIRST_NAME: column,
  LAST_NAME: column,
  ZIPCODE: column,
  COUNTRY: column,
  ADDRESS: column,
});
