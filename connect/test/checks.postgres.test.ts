import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { createShopDatabase, fillCustomers } from '@shop/test-support';
import { createCaptureDatabase } from '../src/source/capture-query.ts';

const publication = 'shop_customers';
const table = 'public.customers';
const columns = ['id', 'first_name', 'last_name', 'zipcode', 'country', 'address'];

type Opened = Awaited<ReturnType<typeof openDatabase>>;

async function openDatabase(t: TestContext) {
  const database = await createShopDatabase(t);
  // Slots belong to the whole server.
  const slot = `checks_${process.pid}_${Math.random().toString(36).slice(2)}`;
  const capture = createCaptureDatabase(async () => database.shop);
  await database.superuser.query("SELECT pg_create_logical_replication_slot($1, 'pgoutput')", [slot]);
  await fillCustomers(database.shop, 10);
  return { ...database, slot, capture, read: () => capture.read({ slot, publication, table, columns }) };
}

/** A test with a shop's database and a slot, which goes before the database can. */
const testWithSlot = (name: string, act: (opened: Opened) => Promise<void>) =>
  test(name, async (t) => {
    const opened = await openDatabase(t);
    try {
      await act(opened);
    } finally {
      const { superuser, slot } = opened;
      await superuser.query(
        'SELECT pg_drop_replication_slot(slot_name) FROM pg_replication_slots WHERE slot_name = $1',
        [slot],
      );
    }
  });

testWithSlot('the services login sees that all is right, twice with the same marks', async ({ read }) => {
  const states = await read();
  assert.deepEqual(
    Object.entries(states).filter(([, { right, mark }]) => !right || mark === null),
    [],
  );
  assert.deepEqual(await read(), states);
});

for (const [check, sql] of [
  ['publication', 'ALTER PUBLICATION shop_customers DROP TABLE customers'],
  ['publication', "ALTER PUBLICATION shop_customers SET (publish = 'insert')"],
  ['publication', 'ALTER PUBLICATION shop_customers SET TABLE customers WHERE (id > 5)'],
  ['publication', 'ALTER PUBLICATION shop_customers SET TABLE customers (id)'],
  ['publication', 'DROP PUBLICATION shop_customers'],
  ['replica identity', 'ALTER TABLE customers REPLICA IDENTITY DEFAULT'],
  ['table', 'DROP TABLE customers'],
  ['columns', 'ALTER TABLE customers DROP COLUMN zipcode'],
  ['columns', 'ALTER TABLE customers RENAME COLUMN address TO street'],
] as const)
  testWithSlot(`a wrong state of the ${check}: ${sql}`, async ({ superuser, read }) => {
    await superuser.query(sql);
    assert.equal((await read())[check]?.right, false);
  });

for (const [check, sql] of [
  [
    'publication',
    `ALTER PUBLICATION shop_customers SET (publish = 'insert');
     ALTER PUBLICATION shop_customers SET (publish = 'insert, update, delete, truncate')`,
  ],
  [
    'publication',
    `ALTER PUBLICATION shop_customers SET TABLE customers WHERE (id > 5);
     ALTER PUBLICATION shop_customers SET TABLE customers`,
  ],
  [
    'publication',
    `ALTER PUBLICATION shop_customers DROP TABLE customers; ALTER PUBLICATION shop_customers ADD TABLE customers`,
  ],
  ['publication', 'DROP PUBLICATION shop_customers; CREATE PUBLICATION shop_customers FOR TABLE customers'],
  [
    'table',
    `ALTER TABLE customers RENAME TO c_old; CREATE TABLE customers (LIKE c_old INCLUDING ALL);
     INSERT INTO customers SELECT * FROM c_old`,
  ],
  ['columns', 'ALTER TABLE customers ALTER COLUMN zipcode TYPE varchar(10)'],
  ['columns', 'ALTER TABLE customers ALTER COLUMN zipcode TYPE integer USING zipcode::integer'],
  ['columns', 'ALTER TABLE customers ALTER COLUMN country TYPE text USING upper(country)'],
  ['columns', "ALTER TABLE customers DROP COLUMN zipcode; ALTER TABLE customers ADD COLUMN zipcode text DEFAULT ''"],
] as const)
  testWithSlot(`another mark of the ${check} after: ${sql}`, async ({ superuser, capture, read }) => {
    const before = await read();
    for (const statement of sql.split(';')) await superuser.query(statement);
    await capture.prepare();
    const after = await read();
    assert.equal(after[check]?.right, true);
    assert.notEqual(after[check]?.mark, before[check]?.mark);
  });

testWithSlot(
  'columns that are not captured, statistics and a preparation change no mark',
  async ({ superuser, capture, read }) => {
    const before = await read();
    await superuser.query('ALTER TABLE customers ADD COLUMN points int NOT NULL DEFAULT 7');
    await superuser.query('ALTER TABLE customers ALTER COLUMN points TYPE bigint');
    await superuser.query('ALTER TABLE customers DROP COLUMN points');
    await superuser.query('ANALYZE customers');
    await superuser.query('VACUUM FULL customers');
    await capture.prepare();
    assert.deepEqual(await read(), before);
  },
);

testWithSlot(
  'a slot that was dropped is missing, and one that is in use can be dropped',
  async ({ read, slot, capture }) => {
    assert.deepEqual((await read())['slot'], { mark: slot, right: true });
    await capture.dropSlot(slot);
    assert.deepEqual((await read())['slot'], { mark: null, right: false });
    await capture.dropSlot(slot);
  },
);

testWithSlot(
  'a database without the functions of this release says what to do',
  async ({ superuser, capture, slot }) => {
    await superuser.query('DROP FUNCTION drop_capture_slot(text)');
    await assert.rejects(capture.dropSlot(slot), { code: 'capture_not_prepared', message: /restart postgres_start/ });
  },
);
