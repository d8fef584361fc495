import type { KsqldbClient } from '@shop/common';
import { z } from 'zod';
import { type RowFingerprints, rowFingerprint } from './row-fingerprint.ts';

/** Ids in one query: ksqlDB answers lists of up to 200 ids fastest. */
const idsPerQuery = 150;

const text = z.string().nullable();
const row = z.tuple([z.number(), text, text, text, text, text, text]);

/** Reads those of these customers that ksqlDB has and that are not deleted there. @throws KsqldbError */
export async function readKsqldbCustomers(ksqldb: KsqldbClient, ids: readonly number[]): Promise<RowFingerprints> {
  const rowsById = new Map<number, number>();
  for (let start = 0; start < ids.length; start += idsPerQuery) {
    const list = ids.slice(start, start + idsPerQuery).join(', ');
    const { rows } = await ksqldb.pull(
      `SELECT id, op, first_name, last_name, zipcode, country, address FROM customers WHERE id IN (${list});`,
    );
    for (const columns of rows) {
      const [id, op, first_name, last_name, zipcode, country, address] = row.parse(columns);
      if (op !== 'd') rowsById.set(id, rowFingerprint({ first_name, last_name, zipcode, country, address }));
    }
  }
  return rowsById;
}
