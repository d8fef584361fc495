import { z } from 'zod';

/**
 * Read as ksqlDB reads a VARCHAR: what is no text becomes its JSON. A column that is missing or null becomes an empty text, as in
 * a shipment.
 */
const columnText = z
  .unknown()
  // Zod refuses a missing key that has no default.
  .default('')
  .transform((value) => (typeof value === 'string' ? value : value == null ? '' : JSON.stringify(value)))
  .describe('Text. Another type if a user changed the type of the column; absent if they dropped it.');

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

/** Debezium's change event in `dummy.public.customers`. */
export const customerChange = z.looseObject({
  op: z
    .enum(['r', 'c', 'u', 'd', 't', 'm'])
    .describe('`c`: the customer registered, `u`: was changed, `d`: was deleted, `r`: was there at a snapshot.'),
  before: z
    .looseObject({ id: z.int() })
    .nullish()
    .describe('The row before a change or a deletion. Only its id is certain.'),
  after: customerRow.nullish().describe('The row after the change; null after a deletion.'),
  source: z
    .unknown()
    .describe('Where Debezium found the change. `ts_ms` is when Postgres committed it, ms since 1970.')
    .optional(),
  ts_ms: z.number().describe('When the connector handled the change, ms since 1970.'),
});
export type CustomerChange = z.infer<typeof customerChange>;
