import { type Random, readProducts, ShopError, sampleCustomerIds } from '@shop/common';
import type { Pool } from 'pg';
import { canOrder, type OrderingCustomer, type Sample } from './sample.ts';

type Queryable = Pick<Pool, 'query'>;

export interface SampleReader {
  /**
   * Reads a new sample. The cost depends on the size of the sample, not on the number of customers in the table.
   *
   * @throws ShopError `sample_empty` when there are no customers or no products
   */
  read(): Promise<Sample>;
}

/**
 * @param limits read for every sample, because a command may change them
 * @param limits.customers how many customers to read
 * @param limits.newcomers how many of the customers who registered since the last sample
 */
export function createSampleReader(
  postgres: Queryable,
  random: Random,
  limits: { customers: number; newcomers: number },
): SampleReader {
  let latestSeen: number | undefined;
  return {
    async read() {
      const ids = await sampleCustomerIds(postgres, limits.customers, random);
      const customers = await readCustomers(postgres, ids);
      const latest = await readLatest(postgres, limits.newcomers);
      const newcomers = latest.filter(({ id }) => latestSeen !== undefined && id > latestSeen);
      const products = await readProducts(postgres);
      const sample = { customers, newcomers, products };
      // After an empty table, every customer who registers is new.
      latestSeen = Math.max(latestSeen ?? 0, latest[0]?.id ?? 0);
      if (!canOrder(sample)) throw new SampleEmpty(customers.length === 0 ? 'customers' : 'products');
      return sample;
    },
  };
}

/** There is no customer or no product yet. A retry can succeed. */
export class SampleEmpty extends ShopError {
  constructor(table: string) {
    super('sample_empty', `the table ${table} is empty`, { canRetry: true });
    this.name = 'SampleEmpty';
  }
}

interface CustomerRow {
  id: string;
  first_name: string;
  last_name: string;
}

/** Cast to text, because another program may have changed the type of the columns or allowed NULL. */
const names = ['first_name', 'last_name'].map((name) => `coalesce(${name}::text, '') AS ${name}`).join(', ');

const toCustomer = ({ id, first_name, last_name }: CustomerRow) => ({ id: Number(id), first_name, last_name });

/** Reads these customers in the order of `ids`, without those deleted meanwhile. */
export async function readCustomers(postgres: Queryable, ids: readonly number[]): Promise<OrderingCustomer[]> {
  const { rows } = await postgres.query<CustomerRow>(
    `SELECT customers.id, ${names}
     FROM unnest($1::bigint[]) WITH ORDINALITY AS chosen (id, place) JOIN customers USING (id)
     ORDER BY place`,
    [ids],
  );
  return rows.map(toCustomer);
}

/** Reads the customers with the highest ids, highest first. */
async function readLatest(postgres: Queryable, count: number): Promise<OrderingCustomer[]> {
  const { rows } = await postgres.query<CustomerRow>(`SELECT id, ${names} FROM customers ORDER BY id DESC LIMIT $1`, [
    count,
  ]);
  return rows.map(toCustomer);
}
