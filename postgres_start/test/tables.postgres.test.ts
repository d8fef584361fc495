import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { createShopDatabase, fillCustomers } from '@shop/test-support';
import type { Pool } from 'pg';

const apply = (superuser: Pool, file: string) =>
  superuser.query(readFileSync(new URL(`../sql/${file}`, import.meta.url), 'utf8'));

/** The table of release 0.1, with one customer whose name is too long for a message. */
async function makeOldTable(superuser: Pool): Promise<void> {
  await superuser.query(`
    DROP TABLE customers;
    DROP SEQUENCE customers_id_seq;
    CREATE TABLE customers (
      id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, first_name text NOT NULL, last_name text NOT NULL,
      zipcode text NOT NULL, country text NOT NULL, address text NOT NULL);
    INSERT INTO customers (first_name, last_name, zipcode, country, address)
    VALUES ('Ada', 'A', '1', 'DE', 'X'), (repeat('x', 1500000), 'B', '1', 'DE', 'X');
    DELETE FROM customers WHERE id = 1;`);
}

const readIds = async (pool: Pool) =>
  (await pool.query<{ id: string }>('SELECT id FROM customers ORDER BY id')).rows.map(({ id }) => Number(id));

const readIdentity = async (pool: Pool) =>
  (await pool.query("SELECT relreplident FROM pg_class WHERE oid = 'customers'::regclass")).rows[0]?.relreplident;

test('a table of an older release gets what Debezium needs, and keeps its rows and its ids', async (t) => {
  const { superuser, shop } = await createShopDatabase(t);
  await makeOldTable(superuser);
  await apply(superuser, '01-tables.sql');
  await apply(superuser, '03-roles.sql');
  await apply(superuser, '04-publication.sql');
  assert.equal(await readIdentity(superuser), 'f');
  assert.deepEqual(await readIds(superuser), [2]);
  await fillCustomers(shop, 1);
  assert.deepEqual(await readIds(superuser), [2, 3]);
});

for (const change of [
  'ALTER COLUMN zipcode TYPE varchar(10)',
  'ALTER COLUMN zipcode TYPE integer USING zipcode::integer',
  'DROP COLUMN zipcode',
  'ADD COLUMN points int NOT NULL DEFAULT 7',
])
  test(`a start leaves a table that another user has changed as it is: ${change}`, async (t) => {
    const { superuser } = await createShopDatabase(t);
    await fillCustomers(superuser, 2);
    await superuser.query(`ALTER TABLE customers ${change}`);
    const read = async () => (await superuser.query('SELECT * FROM customers ORDER BY id')).rows;
    const before = await read();
    for (const file of ['01-tables.sql', '02-products.sql', '03-roles.sql', '04-publication.sql'])
      await apply(superuser, file);
    assert.deepEqual(await read(), before);
    await superuser.query("UPDATE customers SET last_name = 'Changed'");
  });

test('a text that does not fit a message is refused by the column that it is in', async (t) => {
  const { shop, superuser } = await createShopDatabase(t);
  const insert = (length: number) =>
    shop.query(
      `INSERT INTO customers (first_name, last_name, zipcode, country, address)
       VALUES (repeat('x', $1), 'B', '1', 'DE', repeat('ü', 10000))`,
      [length],
    );
  await insert(10_000);
  await assert.rejects(insert(10_001), /customers\.first_name .* found 10001 characters, expected at most 10000/);
  await superuser.query('ALTER TABLE customers ADD COLUMN notes text');
  await superuser.query("UPDATE customers SET notes = repeat('x', 2000000)");
});

test('a longer text that was in the table before may stay or get shorter, and keeps no other change from its row', async (t) => {
  const { shop, superuser } = await createShopDatabase(t);
  await superuser.query('ALTER TABLE customers DISABLE TRIGGER refuse_long_texts');
  await fillCustomers(superuser, 2);
  await superuser.query("UPDATE customers SET address = repeat('x', 20000)");
  // As a release before this one left it.
  await superuser.query(
    'ALTER TABLE customers ADD CONSTRAINT address_fits_message CHECK (length(address) <= 10000) NOT VALID',
  );
  await apply(superuser, '04-publication.sql');
  const setAddress = (length: number) => shop.query("UPDATE customers SET address = repeat('y', $1)", [length]);

  assert.equal((await shop.query("UPDATE customers SET last_name = 'Moved'")).rowCount, 2);
  await setAddress(20_000);
  await assert.rejects(setAddress(20_001), /customers\.address .* found 20001 characters, expected at most 10000/);
  await setAddress(15_000);
  await assert.rejects(setAddress(15_001), /found 15001/);
  await setAddress(10_000);
  await superuser.query('ALTER TABLE customers DROP COLUMN address');
  assert.equal((await shop.query("UPDATE customers SET last_name = 'Without'")).rowCount, 2);
});

test('no id is given twice after TRUNCATE … RESTART IDENTITY or DROP TABLE', async (t) => {
  const { superuser, shop } = await createShopDatabase(t);
  await fillCustomers(shop, 3);
  await superuser.query('TRUNCATE customers RESTART IDENTITY');
  await fillCustomers(shop, 1);
  assert.deepEqual(await readIds(shop), [4]);
  await superuser.query('DROP TABLE customers');
  for (const file of ['01-tables.sql', '03-roles.sql', '04-publication.sql']) await apply(superuser, file);
  await fillCustomers(shop, 1);
  assert.deepEqual(await readIds(shop), [5]);
});

test('a TRUNCATE is decoded as the deletion of every row', async (t) => {
  const { superuser, shop } = await createShopDatabase(t);
  const slot = `truncate_${process.pid}`;
  await superuser.query("SELECT pg_create_logical_replication_slot($1, 'test_decoding')", [slot]);
  try {
    await fillCustomers(shop, 3);
    await superuser.query('TRUNCATE customers');
    const { rows } = await superuser.query<{ data: string }>(
      "SELECT data FROM pg_logical_slot_get_changes($1, NULL, NULL) WHERE data LIKE 'table %'",
      [slot],
    );
    const deleted = rows.map(({ data }) => /DELETE: id\[bigint\]:(\d+)/.exec(data)?.[1]).filter(Boolean);
    assert.deepEqual(deleted, ['1', '2', '3']);
  } finally {
    await superuser.query('SELECT pg_drop_replication_slot($1)', [slot]);
  }
});

const isCaptured = `
  SELECT c.relreplident = 'f' AND p.pubinsert AND p.pubupdate AND p.pubdelete AND t.rowfilter IS NULL
     AND cardinality(t.attnames) = 6 AS captured
  FROM pg_publication p JOIN pg_publication_tables t USING (pubname), pg_class c
  WHERE p.pubname = 'shop_customers' AND t.tablename = 'customers' AND c.oid = 'customers'::regclass`;

for (const [what, sql] of [
  ['the publication lost the table', 'ALTER PUBLICATION shop_customers DROP TABLE customers'],
  ['the publication leaves out updates', "ALTER PUBLICATION shop_customers SET (publish = 'insert')"],
  ['the publication has a row filter', 'ALTER PUBLICATION shop_customers SET TABLE customers WHERE (id > 5)'],
  ['the publication has a column list', 'ALTER PUBLICATION shop_customers SET TABLE customers (id)'],
  ['the publication was dropped', 'DROP PUBLICATION shop_customers'],
  ['the replica identity is the key', 'ALTER TABLE customers REPLICA IDENTITY DEFAULT'],
  [
    'the table was swapped for a copy',
    `ALTER TABLE customers RENAME TO c_old; CREATE TABLE customers (LIKE c_old INCLUDING ALL);
     INSERT INTO customers SELECT * FROM c_old`,
  ],
  ['a copy has no key', 'ALTER TABLE customers RENAME TO c_old; CREATE TABLE customers AS SELECT * FROM c_old'],
] as const)
  test(`prepare_capture() with the services' login repairs: ${what}`, async (t) => {
    const { superuser, shop } = await createShopDatabase(t);
    await fillCustomers(shop, 10);
    await superuser.query(sql);
    assert.notEqual((await superuser.query(isCaptured)).rows[0]?.captured, true);
    await shop.query('SELECT prepare_capture()');
    assert.equal((await superuser.query(isCaptured)).rows[0]?.captured, true);
    await fillCustomers(shop, 1);
    assert.equal((await readIds(shop)).at(-1), 11);
  });

test('prepare_capture() changes nothing that is in place', async (t) => {
  const { shop } = await createShopDatabase(t);
  const version = async () =>
    (await shop.query('SELECT p.xmin, r.oid FROM pg_publication p JOIN pg_publication_rel r ON r.prpubid = p.oid'))
      .rows;
  const before = await version();
  await shop.query('SELECT prepare_capture()');
  assert.deepEqual(await version(), before);
});

test('a login that postgres.config no longer names loses its rights, and one of another database keeps them', async (t) => {
  const { superuser, env } = await createShopDatabase(t);
  const other = await createShopDatabase(t);
  const old = env['SHOP_USER'] ?? '';
  const renamed = `${old}_renamed`;
  const client = await superuser.connect();
  const set = (values: Record<string, string>) =>
    Promise.all(Object.entries(values).map((pair) => client.query('SELECT set_config($1, $2, false)', pair)));
  const debezium = old.replace(/_shop$/, '_debezium');
  const read = async (role: string) =>
    (
      await client.query(
        `SELECT rolcanlogin, rolreplication, rolpassword IS NOT NULL AS password,
                pg_has_role(rolname, 'shop_services', 'member') OR pg_has_role(rolname, 'shop_capture', 'member') AS member
         FROM pg_authid WHERE rolname = $1`,
        [role],
      )
    ).rows[0];
  try {
    await set({ 'shop.shop_user': renamed, 'shop.shop_password': 'of-a-test' });
    await set({ 'shop.debezium_user': `${debezium}_2`, 'shop.debezium_password': 'of-a-test' });
    await client.query(readFileSync(new URL('../sql/05-logins.sql', import.meta.url), 'utf8'));
    const nothing = { rolcanlogin: false, rolreplication: false, password: false, member: false };
    assert.deepEqual(await read(old), nothing);
    assert.deepEqual(await read(debezium), nothing);
    assert.equal((await read(renamed)).rolcanlogin, true);
    assert.equal((await read(`${debezium}_2`)).rolreplication, true);
    assert.equal((await read(other.env['SHOP_USER'] ?? '')).rolcanlogin, true);
  } finally {
    await client.query(`REVOKE shop_services, shop_capture FROM ${renamed}, ${debezium}_2`);
    await client.query(`DROP ROLE ${renamed}, ${debezium}_2`);
    client.release();
  }
});
