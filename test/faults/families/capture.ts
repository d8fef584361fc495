import type { Fault } from '../fault.ts';
import { type FaultShop, registerMany } from '../shop/fault-shop.ts';
import { loseTwice } from './losses.ts';

/** Changes of the table customers and its publication that Debezium does not report. */
export const captureFaults: Fault[] = [
  ...loseTwice({
    name: 'publication-dropped',
    what: 'the publication is dropped and recreated after 5 s',
    async lose({ postgres, pause }) {
      await postgres.query('DROP PUBLICATION shop_customers');
      try {
        await pause(5_000);
      } finally {
        // The registrar may be faster, even between two statements.
        await postgres.query(`
          DO $$ BEGIN CREATE PUBLICATION shop_customers FOR TABLE customers;
          EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL; END $$`);
      }
    },
  }),
  ...loseTwice({
    name: 'publication-without-table',
    what: 'the table is removed from the publication',
    lose: execute('ALTER PUBLICATION shop_customers DROP TABLE customers'),
  }),
  ...loseTwice({
    name: 'publication-inserts-only',
    what: "the publication is set to publish = 'insert'",
    lose: execute("ALTER PUBLICATION shop_customers SET (publish = 'insert')"),
  }),
  ...loseTwice({
    name: 'table-swapped',
    what: 'customers is renamed, and a copy takes its place',
    lose: execute(`
      BEGIN;
      ALTER TABLE customers RENAME TO customers_old;
      CREATE TABLE customers (LIKE customers_old INCLUDING ALL);
      INSERT INTO customers SELECT * FROM customers_old;
      GRANT SELECT, INSERT, UPDATE, DELETE ON customers TO shop_services;
      GRANT SELECT ON customers TO shop_capture;
      DROP TABLE customers_old;
      COMMIT`),
  }),
  ...loseTwice({
    name: 'table-dropped',
    what: 'DROP TABLE customers; postgres_start is restarted and 3,000 other customers register',
    async lose(shop) {
      await shop.postgres.query('DROP TABLE customers');
      await shop.killAndAwait('postgres_start', 'SIGINT');
      await shop.until('the table created', async () => {
        await registerMany(shop.postgres);
        return true;
      });
    },
  }),
  {
    name: 'truncate',
    what: 'TRUNCATE customers RESTART IDENTITY, and 3,000 other customers register',
    expect: 'no violation',
    apart: true,
    async run({ postgres }) {
      await postgres.query('TRUNCATE customers RESTART IDENTITY');
      await registerMany(postgres);
    },
  },
  {
    name: 'logical-message',
    what: 'another program writes logical messages to the WAL',
    expect: 'no violation',
    apart: true,
    run: execute("SELECT pg_logical_emit_message(false, 'x', 'y'), pg_logical_emit_message(true, 'x', 'y')"),
  },
  {
    name: 'row-too-large',
    what: 'a name of 1.5 MB, the largest row that the table allows, and 2 MB in an added column',
    expect: 'no violation',
    apart: true,
    async run({ postgres }) {
      const insert = `INSERT INTO customers (first_name, last_name, zipcode, country, address)
        SELECT t, t, t, t, t FROM (SELECT repeat($1, $2) AS t) AS texts RETURNING id`;
      const refused = await postgres.query(insert, ['x', 1_500_000]).then(
        () => 'taken',
        (error: { code?: string }) => error.code,
      );
      if (refused !== '23514') throw new Error(`the table accepted a name of 1.5 MB: ${refused}`);
      // Each of these characters is six bytes in JSON.
      const { rows } = await postgres.query<{ id: string }>(insert, ['\u0001', 10_000]);
      await postgres.query("UPDATE customers SET last_name = reverse(last_name) || '' WHERE id = $1", [rows[0]?.id]);
      await postgres.query('ALTER TABLE customers ADD COLUMN notes text');
      await postgres.query("UPDATE customers SET notes = repeat('x', 2000000) WHERE id = $1", [rows[0]?.id]);
      await postgres.query('DELETE FROM customers WHERE id = $1', [rows[0]?.id]);
      await postgres.query('ALTER TABLE customers DROP COLUMN notes');
    },
  },
];

/** Executes SQL in the shop's database. */
function execute(sql: string): (shop: FaultShop) => Promise<void> {
  return async ({ postgres }) => {
    await postgres.query(sql);
  };
}
