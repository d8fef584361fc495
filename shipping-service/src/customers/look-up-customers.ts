import { type KsqldbClient, KsqldbError, type ServiceContext, waitUntilDone } from '@shop/common';
import pLimit from 'p-limit';
import { z } from 'zod';

/** What ksqlDB's table CUSTOMERS says of a customer. */
export interface CustomerAnswer {
  id: number;
  deleted: boolean;
  /** When the connector handled the customer's last change, ms since 1970. */
  changedAt: number;
  first_name: string | null;
  last_name: string | null;
  zipcode: string | null;
  country: string | null;
  address: string | null;
  /** When the answer arrived. */
  lookedUpAt: Date;
}

/** Every customer that ksqlDB knows among the ids asked for, and when the answer for each list of ids arrived. */
export interface LookUp {
  customers: Map<number, CustomerAnswer>;
  /** When the answer for this id arrived, also when it held no row. */
  lookedUpAt(id: number): Date;
}

/** Asks for the customers with these ids; waits for ksqlDB as long as the signal lets it. */
export type LookUpCustomers = (ids: Iterable<number>, signal: AbortSignal) => Promise<LookUp>;

export interface LookUpOptions {
  idsPerQuery: number;
  queriesInFlight: number;
}

const text = z.string().nullable();
const customerColumns = z.tuple([z.number(), text, z.number().nullable(), text, text, text, text, text]);

/**
 * Looks customers up by pull queries with IN-lists of distinct ids, a few in flight for all partitions together.
 * ksqlDB being down, slow, busy or not ready is waited out.
 */
export function createLookUp(
  client: KsqldbClient,
  { idsPerQuery, queriesInFlight }: LookUpOptions,
  context: Pick<ServiceContext, 'logger' | 'report'>,
): LookUpCustomers {
  const limit = pLimit(queriesInFlight);
  const countQuery = context.report.counter('ksqldb_queries', 'Pull queries that ksqlDB answered');

  async function ask(ids: number[], signal: AbortSignal): Promise<CustomerAnswer[]> {
    const sql = `SELECT id, op, changed_at, first_name, last_name, zipcode, country, address FROM customers WHERE id IN (${ids.join(', ')});`;
    const { rows } = await waitUntilDone(
      'ksqlDB',
      () => client.pull(sql),
      { ...context, signal },
      { canRetry: mayAnswerLater },
    );
    const lookedUpAt = new Date();
    countQuery();
    return rows.map((row) => readCustomer(row, lookedUpAt));
  }

  return async (ids, signal) => {
    const customers = new Map<number, CustomerAnswer>();
    const times = new Map<number, Date>();
    const queries = chunk([...new Set(ids)], idsPerQuery).map((list) =>
      limit(async () => {
        signal.throwIfAborted();
        for (const customer of await ask(list, signal)) customers.set(customer.id, customer);
        const now = new Date();
        for (const id of list) times.set(id, now);
      }),
    );
    await Promise.all(queries);
    return { customers, lookedUpAt: (id) => times.get(id) ?? new Date() };
  };
}

/** Not even "no such table" is for good: the service ksql makes the tables, and makes them again. */
const mayAnswerLater = (error: unknown) =>
  !(error instanceof KsqldbError && ['ksqldb_login', 'ksqldb_certificate'].includes(error.code));

function readCustomer(row: unknown[], lookedUpAt: Date): CustomerAnswer {
  const [id, op, changedAt, first_name, last_name, zipcode, country, address] = customerColumns.parse(row);
  return {
    id,
    deleted: op === 'd',
    changedAt: changedAt ?? 0,
    first_name,
    last_name,
    zipcode,
    country,
    address,
    lookedUpAt,
  };
}

function chunk<T>(list: T[], size: number): T[][] {
  return Array.from({ length: Math.ceil(list.length / size) }, (_, index) =>
    list.slice(index * size, (index + 1) * size),
  );
}
