import type { KsqldbClient } from '@shop/common';
import { z } from 'zod';
import { printOf } from '../addresses/customer-history.ts';

/** Ids in one query: ksqlDB answers lists of up to 200 fastest. */
const idsPerQuery = 150;

const text = z.string().nullable();
const row = z.tuple([z.number(), text, text, text, text, text, text]);

/** The customers with these ids that ksqlDB has and does not call deleted, as prints. @throws KsqldbError */
export async function readKsqldbCustomers(ksqldb: KsqldbClient, ids: readonly number[]): Promise<Map<number, number>> {
  const prints = new Map<number, number>();
  for (let start = 0; start < ids.length; start += idsPerQuery) {
    const list = ids.slice(start, start + idsPerQuery).join(', ');
    const { rows } = await ksqldb.pull(
      `SELECT id, op, first_name, last_name, zipcode, country, address FROM customers WHERE id IN (${list});`,
    );
    for (const each of rows) {
      const [id, op, first_name, last_name, zipcode, country, address] = row.parse(each);
      if (op === 'd') continue;
      // A column that is null is never what Postgres has: all are NOT NULL.
      prints.set(
        id,
        printOf({
          first_name: first_name ?? '\0',
          last_name: last_name ?? '\0',
          zipcode: zipcode ?? '\0',
          country: country ?? '\0',
          address: address ?? '\0',
        }),
      );
    }
  }
  return prints;
}
