import { randomBytes } from 'node:crypto';
import { Client } from 'pg';
import type { Fault } from '../fault.ts';
import type { FaultShop } from '../shop/fault-shop.ts';
import { watchMemory } from '../shop/memory.ts';
import { register, ship } from '../shop/parcels.ts';

/** Number of customers in one transaction. CUSTOMERS=1000000 takes about ten minutes. */
const customers = Number(process.env['CUSTOMERS'] ?? 100_000);
/** Time limit for capturing all of them, ms on a quiet machine. */
const bulkMs = 60_000 + customers * 2;
/** Length in characters. Postgres stores such a text outside the row and does not log it when other columns change. */
const longAddress = 9_000;

/** Unusually many or unusually long changes. */
export const bulkFaults: Fault[] = [
  {
    name: 'long-address',
    what: `an address of ${longAddress} characters, then a change of only the name`,
    expect: 'no violation',
    async run(shop) {
      const id = await register(shop);
      const address = randomBytes(longAddress / 2).toString('hex');
      await shop.postgres.query('UPDATE customers SET address = $2 WHERE id = $1', [id, address]);
      await shop.postgres.query("UPDATE customers SET last_name = 'Probe-Toast' WHERE id = $1", [id]);
      await shop.until('a parcel for the new name', async () => {
        const parcel = await ship(shop, id);
        if (parcel.status !== 'delivered' || parcel.last_name !== 'Probe-Toast') return false;
        if (parcel.address !== address) throw new Error(`the parcel went to ${parcel.address.slice(0, 100)}`);
        return true;
      });
    },
  },
  {
    name: 'many-customers',
    what: `${customers} customers register and move, and half of them leave, in one transaction; then the others leave in another one`,
    expect: 'no violation',
    async run(shop) {
      const requireWithinLimits = watchMemory(shop);
      const known = await register(shop);
      await ship(shop, known);
      const newest = await changeMany(shop);
      try {
        // The shop continues while the transaction is captured.
        await ship(shop, known);
        // ksqlDB applies a transaction's changes one by one, so parcels may go to the first address for a while.
        await shop.until(
          'a parcel to the second address',
          async () => {
            const parcel = await ship(shop, newest, bulkMs);
            if (parcel.status !== 'delivered' || !parcel.address.endsWith(' Street'))
              throw new Error(`unexpected parcel for customer ${newest}: ${JSON.stringify(parcel)}`);
            return parcel.address === `${newest} Second Street`;
          },
          bulkMs,
        );
        requireWithinLimits();
      } finally {
        await withBulkClient(shop, (client) => client.query("DELETE FROM customers WHERE last_name = 'Many'"));
      }
      const after = await register(shop);
      await ship(shop, after, bulkMs);
      requireWithinLimits();
    },
  },
];

/** @returns the newest remaining customer */
async function changeMany(shop: FaultShop): Promise<number> {
  return withBulkClient(shop, async (client) => {
    await client.query('BEGIN');
    await client.query(
      `INSERT INTO customers (first_name, last_name, zipcode, country, address)
       SELECT 'Noor', 'Many', '10115', 'DE', n || ' First Street' FROM generate_series(1, $1::int) AS n`,
      [customers],
    );
    await client.query("UPDATE customers SET address = id || ' Second Street' WHERE last_name = 'Many'");
    await client.query("DELETE FROM customers WHERE last_name = 'Many' AND id % 2 = 0");
    const { rows } = await client.query<{ id: string }>("SELECT max(id) AS id FROM customers WHERE last_name = 'Many'");
    await client.query('COMMIT');
    return Number(rows[0]?.id);
  });
}

/** Opens a client for slow statements. Postgres rolls back an open transaction when the connection closes. */
async function withBulkClient<T>({ postgres }: FaultShop, use: (client: Client) => Promise<T>): Promise<T> {
  const { password } = postgres.options; // not enumerable
  const client = new Client({ ...postgres.options, password, query_timeout: bulkMs });
  // The running query fails with the same error.
  client.on('error', () => {});
  await client.connect();
  try {
    return await use(client);
  } finally {
    await client.end();
  }
}
