import type { Fault } from '../fault.ts';
import type { FaultShop } from '../shop/fault-shop.ts';
import { order, register, ship } from '../shop/parcels.ts';
import { untilRepairBegins } from '../shop/repairs.ts';

/** Number of test customers, so that the updater does not delete all before the changed table makes it wait. */
const witnesses = 5;
const withLetters = 'EH1 2AB';
const digits = `coalesce(nullif(left(regexp_replace(zipcode, '\\D', '', 'g'), 9), ''), '0')`;

/** Statements that change a column of every customer, without change events. */
export const columnFaults: Fault[] = [
  {
    name: 'column-integer',
    what: 'zipcode becomes an integer, which removes letters, and then text again',
    expect: 'no violation',
    apart: true,
    async run(shop) {
      const ids = await registerWitnesses(shop);
      await whileInteger(shop, async () => {
        const [id] = await findLiving(shop, ids);
        await untilShippedTo(shop, id, '12');
      });
    },
  },
  {
    name: 'column-integer-unwatched',
    what: 'zipcode becomes an integer while the registrar is down; the audit names a wrong parcel',
    expect: 'named',
    apart: true,
    run: (shop, witness) =>
      whileDown(shop, ['connector'], async (ids, start) => {
        await whileInteger(shop, async () => {
          const [id] = await findLiving(shop, ids);
          await ship(shop, id);
          await witness.untilNamed(['P3', 'P6']);
          await start();
          await untilShippedTo(shop, id, '12');
        });
      }),
  },
  {
    name: 'column-integer-at-start',
    what: 'zipcode becomes an integer while Connect and the registrar are down; both then start with this table',
    expect: 'no violation',
    apart: true,
    run: (shop) =>
      whileDown(shop, ['connect', 'connector'], async (ids, start) => {
        await whileInteger(shop, async () => {
          const [id] = await findLiving(shop, ids);
          await start();
          await untilShippedTo(shop, id, '12');
        });
      }),
  },
  {
    name: 'column-dropped',
    what: 'zipcode is dropped and added again with a default; an order of a customer who changed meanwhile waits',
    expect: 'no violation',
    apart: true,
    run: dropZipcode,
  },
];

async function registerWitnesses(shop: FaultShop): Promise<number[]> {
  const ids: number[] = [];
  for (let count = 0; count < witnesses; count += 1) ids.push(await register(shop, withLetters));
  for (const id of ids) await ship(shop, id);
  return ids;
}

/** @returns the witnesses who still exist. @throws when none does */
async function findLiving({ postgres }: FaultShop, ids: readonly number[]): Promise<[number, ...number[]]> {
  const { rows } = await postgres.query<{ id: string }>('SELECT id FROM customers WHERE id = ANY ($1::bigint[])', [
    ids,
  ]);
  const [first, ...others] = rows.map(({ id }) => Number(id));
  if (first === undefined) throw new Error('the updater has deleted every witness');
  return [first, ...others];
}

/** @param act receives the witnesses, and a function that restarts the parts and waits for them */
async function whileDown(
  shop: FaultShop,
  parts: readonly string[],
  act: (ids: readonly number[], start: () => Promise<void>) => Promise<void>,
): Promise<void> {
  const ids = await registerWitnesses(shop);
  const down = new Set(parts);
  for (const part of parts) process.kill(-shop.pid(part), 'SIGSTOP');
  async function start(): Promise<void> {
    for (const part of down) {
      down.delete(part);
      await shop.killAndAwait(part);
    }
  }
  try {
    await act(ids, start);
  } finally {
    await start();
  }
}

async function whileInteger(shop: FaultShop, act: () => Promise<void>): Promise<void> {
  await shop.postgres.query(`ALTER TABLE customers ALTER COLUMN zipcode TYPE integer USING ${digits}::integer`);
  try {
    await act();
  } finally {
    await untilRepairBegins(shop, async () => {
      await shop.postgres.query('ALTER TABLE customers ALTER COLUMN zipcode TYPE text');
    });
  }
}

async function dropZipcode(shop: FaultShop): Promise<void> {
  const { postgres, until } = shop;
  const ids = await registerWitnesses(shop);
  await postgres.query('ALTER TABLE customers DROP COLUMN zipcode');
  let waiting: Awaited<ReturnType<typeof order>>;
  let known: number;
  try {
    let changed: number | undefined;
    [known, changed] = await findLiving(shop, ids);
    await untilShippedTo(shop, known, withLetters);
    await postgres.query("UPDATE customers SET last_name = 'Changed' WHERE id = $1", [changed]);
    waiting = await order(shop, changed ?? known);
    await until('the registrar names the column', async () =>
      (await readHealth(shop, 'connector')).includes('no column zipcode'),
    );
  } finally {
    await postgres.query("ALTER TABLE customers ADD COLUMN zipcode text NOT NULL DEFAULT '00000'");
  }
  await until('the waiting order shipped', waiting);
  await untilShippedTo(shop, known, '00000');
}

async function readHealth({ healthPorts }: FaultShop, service: string): Promise<string> {
  const url = `http://127.0.0.1:${healthPorts.get(service)}/health`;
  return (await fetch(url, { signal: AbortSignal.timeout(10_000) })).text();
}

/** Waits for a parcel with this zipcode. The updater may delete the customer meanwhile. */
async function untilShippedTo(shop: FaultShop, id: number, zipcode: string): Promise<void> {
  await shop.until(`a parcel for customer ${id} with zipcode ${zipcode}`, async () => {
    const shipment = await ship(shop, id);
    return shipment.status === 'delivered' ? shipment.zipcode === zipcode : shipment.reason === 'customer_deleted';
  });
}
