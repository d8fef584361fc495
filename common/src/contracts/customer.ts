import { z } from 'zod';

/**
 * A column that is text in the shop's own table. A user may give it another type or drop it, so it is read as ksqlDB reads a
 * VARCHAR: what is no text becomes its JSON. A column that is missing or null becomes an empty text, as in a shipment.
 */
const columnText = z
  .unknown()
  // Zod refuses a missing key that has no default.
  .default('')
  .transform((value) => (typeof value === 'string' ? value : value == null ? '' : JSON.stringify(value)));

/** A row of Postgres' table customers, as Debezium copies it. */
const customerRow = z.looseObject({
  id: z.int(),
  first_name: columnText,
  last_name: columnText,
  zipcode: columnText,
  country: columnText,
  address: columnText,
});
export type CustomerRow = z.infer<typeof customerRow>;

/** Debezium's change event in `dummy.public.customers`; key: the id as text. `d` comes with `after: null`. */
export const customerChange = z.looseObject({
  op: z.enum(['r', 'c', 'u', 'd', 't', 'm']),
  before: z.looseObject({ id: z.int() }).nullish(),
  after: customerRow.nullish(),
  /** When the connector handled the change, ms since 1970. */
  ts_ms: z.number(),
});
export type CustomerChange = z.infer<typeof customerChange>;
