import type { Fault } from '../fault.ts';

const heldMs = 5_000;

/** Other users of the database change its tables, and change them back. */
export const schemaFaults: Fault[] = [
  alter({
    name: 'column-added',
    what: 'a column is added to customers, and dropped after 5 s',
    change: "ADD COLUMN IF NOT EXISTS loyalty text DEFAULT 'new'",
    back: 'DROP COLUMN loyalty',
  }),
  alter({
    name: 'column-renamed',
    what: "customers' column address has another name for 5 s",
    change: 'RENAME COLUMN address TO street',
    back: 'RENAME COLUMN street TO address',
  }),
  alter({
    name: 'column-not-null',
    what: 'a NOT NULL column with a default is added to customers, and dropped after 5 s',
    change: 'ADD COLUMN IF NOT EXISTS points int NOT NULL DEFAULT 7',
    back: 'DROP COLUMN points',
  }),
  alter({
    name: 'column-retyped',
    what: "customers' column zipcode is a varchar(10) for 5 s",
    change: 'ALTER COLUMN zipcode TYPE varchar(10)',
    back: 'ALTER COLUMN zipcode TYPE text',
  }),
];

function alter({ change, back, ...named }: { name: string; what: string; change: string; back: string }): Fault {
  return {
    ...named,
    expect: 'no violation',
    async run({ postgres, pause }) {
      await postgres.query(`ALTER TABLE customers ${change}`);
      try {
        await pause(heldMs);
      } finally {
        await postgres.query(`ALTER TABLE customers ${back}`);
      }
    },
  };
}
