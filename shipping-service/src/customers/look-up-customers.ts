import { type KsqldbClient, KsqldbError, type ServiceContext, waitUntilDone } from '@shop/common';
import pLimit from 'p-limit';
import { z } from 'zod';

/** The instance that asked ksqlDB, and when, by its clock. */
export interface LookUpTime {
  /** When the request that was answered was sent, ISO 8601; earlier attempts do not count. */
  startedAt: string;
  /** When the answer arrived, ISO 8601. */
  answeredAt: string;
  instance: string;
}

/** A customer's row in ksqlDB's table CUSTOMERS. */
export interface CustomerAnswer {
  id: number;
  deleted: boolean;
  /** Whether a part of the name or address is missing, or is Debezium's placeholder. No order can be delivered to that. */
  incomplete: boolean;
  /** When the connector handled the customer's last change, ms since 1970. */
  changedAt: number;
  first_name: string | null;
  last_name: string | null;
  zipcode: string | null;
  country: string | null;
  address: string | null;
  lookedUp: LookUpTime;
}

/** The customers that ksqlDB has among the requested ids, and when the answer for each id arrived. */
export interface LookUp {
  customers: Map<number, CustomerAnswer>;
  /** Returns when this id was looked up, also when the answer had no row for it. */
  lookedUp(id: number): LookUpTime;
}

/** Looks up the customers with these ids. Waits for ksqlDB until the signal aborts. */
export type LookUpCustomers = (ids: Iterable<number>, signal: AbortSignal) => Promise<LookUp>;

export interface LookUpOptions {
  idsPerQuery: number;
  queriesInFlight: number;
}

/** Debezium writes this in place of a long text that an UPDATE did not touch, unless the replica identity is FULL. */
const unavailable = '__debezium_unavailable_value';

const text = z.string().nullable();
const customerColumns = z.tuple([z.number(), text, z.number().nullable(), text, text, text, text, text]);

/**
 * Looks customers up by pull queries with IN-lists of distinct ids, with a few queries in flight for all partitions together.
 * Retries while ksqlDB is unavailable, slow or busy.
 */
export function createLookUp(
  client: KsqldbClient,
  { idsPerQuery, queriesInFlight }: LookUpOptions,
  context: Pick<ServiceContext, 'instance' | 'logger' | 'report'>,
): LookUpCustomers {
  const limit = pLimit(queriesInFlight);
  const countQuery = context.report.counter('ksqldb_queries', 'Pull queries that ksqlDB answered');

  async function ask(ids: number[], signal: AbortSignal): Promise<{ rows: unknown[][]; lookedUp: LookUpTime }> {
    const sql = `SELECT id, op, changed_at, first_name, last_name, zipcode, country, address FROM customers WHERE id IN (${ids.join(', ')});`;
    const { rows, startedAt } = await waitUntilDone(
      'ksqlDB',
      async () => {
        const startedAt = new Date().toISOString();
        const { rows } = await client.pull(sql);
        return { rows, startedAt };
      },
      { ...context, signal },
      { canRetry: mayAnswerLater },
    );
    const lookedUp = { startedAt, answeredAt: new Date().toISOString(), instance: context.instance };
    countQuery();
    return { rows, lookedUp };
  }

  return async (ids, signal) => {
    const customers = new Map<number, CustomerAnswer>();
    const times = new Map<number, LookUpTime>();
    const queries = chunk([...new Set(ids)], idsPerQuery).map((list) =>
      limit(async () => {
        signal.throwIfAborted();
        const { rows, lookedUp } = await ask(list, signal);
        for (const row of rows) {
          const customer = readCustomer(row, lookedUp);
          customers.set(customer.id, customer);
        }
        for (const id of list) times.set(id, lookedUp);
      }),
    );
    await Promise.all(queries);
    return {
      customers,
      lookedUp(id) {
        const time = times.get(id);
        if (!time) throw new Error(`customer ${id} was not looked up`);
        return time;
      },
    };
  };
}

/** Retries "no such table", too: the service ksql creates the tables, and recreates them. */
const mayAnswerLater = (error: unknown) =>
  !(error instanceof KsqldbError && ['ksqldb_login', 'ksqldb_certificate'].includes(error.code));

function readCustomer(row: unknown[], lookedUp: LookUpTime): CustomerAnswer {
  const [id, op, changedAt, first_name, last_name, zipcode, country, address] = customerColumns.parse(row);
  const deleted = op === 'd';
  // A part is null when its column was dropped or renamed at the time of the change.
  const incomplete =
    !deleted &&
    [first_name, last_name, zipcode, country, address].some((part) => part === null || part === unavailable);
  return {
    id,
    deleted,
    incomplete,
    changedAt: changedAt ?? 0,
    first_name,
    last_name,
    zipcode,
    country,
    address,
    lookedUp,
  };
}

function chunk<T>(list: T[], size: number): T[][] {
  return Array.from({ length: Math.ceil(list.length / size) }, (_, index) =>
    list.slice(index * size, (index + 1) * size),
  );
}
