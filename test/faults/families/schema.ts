import type { Fault } from '../fault.ts';

/** Somebody changes the table that Debezium copies. */
export const schemaFaults: Fault[] = [
  {
    name: 'column-added',
    what: 'a column is added to customers, and dropped after 10 s',
    expect: 'no violation',
    async run({ postgres, pause }) {
      await postgres.query("ALTER TABLE customers ADD COLUMN IF NOT EXISTS loyalty text DEFAULT 'new'");
      try {
        await pause(10_000);
      } finally {
        await postgres.query('ALTER TABLE customers DROP COLUMN loyalty');
      }
    },
  },
  {
    name: 'column-renamed',
    what: "customers' column address has another name for 10 s",
    expect: 'no violation',
    async run({ postgres, pause }) {
      await postgres.query('ALTER TABLE customers RENAME COLUMN address TO street');
      try {
        await pause(10_000);
      } finally {
        await postgres.query('ALTER TABLE customers RENAME COLUMN street TO address');
      }
    },
  },
];
