import { z } from 'zod';

/** A row of Postgres' table customers, as Debezium copies it. */
export const customerRow = z.looseObject({
  id: z.int(),
  first_name: z.string(),
  last_name: z.string(),
  zipcode: z.string(),
  country: z.string(),
  address: z.string(),
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
