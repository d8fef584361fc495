import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import test, { type TestContext } from 'node:test';
import { createShopDatabase } from '@shop/test-support';
import type { Pool, PoolClient } from 'pg';

const insert = `INSERT INTO customers (first_name, last_name, zipcode, country, address)
  SELECT 'Ada', 'Meier', '1', 'DE', 'Road ' || n FROM generate_series(1, $1::int) AS n`;
const move = 'UPDATE customers SET address = $2 WHERE id = $1';

async function open(t: TestContext) {
  const { shop, audit, superuser, env } = await createShopDatabase(t);
  const read = async (id?: number) => {
    const { rows } = await superuser.query<{ op: string; id: string; address: string | null }>(
      `SELECT op, id, customer ->> 'address' AS address FROM audit.customer_history
       WHERE $1::bigint IS NULL OR id = $1 ORDER BY seq`,
      [id],
    );
    return rows.map((row) => `${row.op} ${row.id} ${row.address ?? '-'}`);
  };
  return { shop, audit, superuser, env, read };
}

async function inTransaction(pool: Pool, act: (client: PoolClient) => Promise<void>): Promise<void> {
  const client = await pool.connect();
  try {
    await client.query('BEGIN');
    await act(client);
    await client.query('COMMIT');
  } finally {
    client.release();
  }
}

test('every change is recorded in its transaction, a truncate included', async (t) => {
  const { shop, superuser, read } = await open(t);
  await shop.query(insert, [2]);
  await shop.query(move, [1, 'New Road']);
  await shop.query('DELETE FROM customers WHERE id = 2');
  await inTransaction(shop, async (client) => {
    await client.query(move, [1, 'Never Committed']);
    await client.query('ROLLBACK');
  });
  assert.deepEqual(await read(), ['c 1 Road 1', 'c 2 Road 2', 'u 1 New Road', 'd 2 -']);
  await superuser.query('TRUNCATE customers RESTART IDENTITY');
  await shop.query(insert, [1]);
  assert.deepEqual(
    await read(1),
    ['c 1 Road 1', 'u 1 New Road', 't 1 -', 'd 1 -'],
    'a truncate deletes each row first',
  );
  assert.deepEqual(await read(3), ['c 3 Road 1'], 'no id is reused');
});

test('changes of one customer are in the order of their commits, not of the starts of their transactions', async (t) => {
  const { shop, superuser, read } = await open(t);
  await shop.query(insert, [2]);
  await inTransaction(shop, async (first) => {
    await first.query(move, [2, 'Takes a transaction id']);
    await shop.query(move, [1, 'Second to begin']);
    await first.query(move, [1, 'Last to commit']);
  });
  assert.deepEqual(await read(1), ['c 1 Road 1', 'u 1 Second to begin', 'u 1 Last to commit']);
  const { rows } = await superuser.query('SELECT xact FROM audit.customer_history WHERE id = 1 ORDER BY seq');
  assert.ok(BigInt(rows[1].xact) > BigInt(rows[2].xact), 'the order of transaction ids is the opposite');
});

test('a table that is swapped by rename, dropped or recreated is followed', async (t) => {
  const { shop, superuser, read } = await open(t);
  await shop.query(insert, [2]);
  await superuser.query(`
    BEGIN;
    ALTER TABLE customers RENAME TO c_old;
    CREATE TABLE customers (LIKE c_old INCLUDING ALL);
    INSERT INTO customers OVERRIDING SYSTEM VALUE SELECT * FROM c_old WHERE id = 1;
    COMMIT;
    UPDATE customers SET address = 'In The New Table';
    UPDATE c_old SET address = 'In The Old Table'`);
  assert.deepEqual((await read(1)).at(-1), 'u 1 In The New Table');
  assert.deepEqual((await read(2)).at(-1), 'd 2 -');
  await superuser.query('DROP TABLE customers');
  assert.deepEqual((await read(1)).at(-1), 'd 1 -');
  await superuser.query('ALTER TABLE c_old RENAME TO customers');
  assert.deepEqual((await read(1)).at(-1), 'r 1 In The Old Table');
});

test('a database that existed before gets its history, and the next start finds the changes that no trigger recorded', async (t) => {
  const { shop, superuser, read, env } = await open(t);
  await shop.query(insert, [3]);
  await superuser.query('DROP SCHEMA audit CASCADE');
  await shop.query('DELETE FROM customers WHERE id = 3');
  await start(superuser, env);
  assert.deepEqual(await read(), ['r 1 Road 1', 'r 2 Road 2']);
  const { rows } = await superuser.query('SELECT forgotten_id FROM audit.history_state');
  assert.equal(rows[0].forgotten_id, '2', 'of ids up to this one it may have missed a deletion');
  await superuser.query(`
    ALTER EVENT TRIGGER audit_schema_change DISABLE;
    ALTER TABLE customers DISABLE TRIGGER ALL;
    UPDATE customers SET address = 'Unnoticed' WHERE id = 1`);
  await start(superuser, env);
  assert.deepEqual(await read(1), ['r 1 Road 1', 'r 1 Unnoticed']);
  await shop.query(move, [1, 'Noticed']);
  assert.deepEqual((await read(1)).at(-1), 'u 1 Noticed');
});

test('disabling a trigger, renaming a column or adding one leaves no gap and breaks no statement', async (t) => {
  const { shop, superuser, read } = await open(t);
  await shop.query(insert, [1]);
  await superuser.query('ALTER TABLE customers DISABLE TRIGGER ALL');
  await shop.query(move, [1, 'New Road']);
  await superuser.query(`
    ALTER TABLE customers ADD COLUMN loyalty text NOT NULL DEFAULT 'new';
    ALTER TABLE customers RENAME COLUMN address TO street;
    UPDATE customers SET street = 'Another Road';
    ALTER TABLE customers RENAME COLUMN street TO address`);
  assert.deepEqual(await read(1), ['c 1 Road 1', 'u 1 New Road', 'u 1 -', 'u 1 -', 'u 1 Another Road']);
});

test('a column that is altered, dropped or added again is noted for every customer whose values differ', async (t) => {
  const { shop, superuser, read } = await open(t);
  await shop.query(insert, [2]);
  let seen = 2;
  const noted = async () => {
    const fresh = (await read()).slice(seen);
    seen += fresh.length;
    return fresh;
  };
  await superuser.query("ALTER TABLE customers ALTER COLUMN address TYPE text USING replace(address, ' 1', ' One')");
  assert.deepEqual(await noted(), ['u 1 Road One']);
  await superuser.query('ALTER TABLE customers ALTER COLUMN zipcode TYPE integer USING zipcode::integer');
  await superuser.query('ALTER TABLE customers ALTER COLUMN zipcode TYPE varchar(10)');
  await superuser.query('ALTER TABLE customers ADD COLUMN points int NOT NULL DEFAULT 7');
  assert.deepEqual(await noted(), [], 'the texts are the same');
  // Both in one transaction.
  await superuser.query(`
    ALTER TABLE customers DROP COLUMN address;
    ALTER TABLE customers ADD COLUMN address text NOT NULL DEFAULT 'Unknown'`);
  assert.deepEqual(await noted(), ['u 1 -', 'u 2 -', 'u 1 Unknown', 'u 2 Unknown']);
  await shop.query(move, [2, 'Known']);
  assert.deepEqual(await noted(), ['u 2 Known']);
});

test('old versions are deleted, the current one stays, and the ids of those who left are remembered', async (t) => {
  const { shop, superuser, read } = await open(t);
  await shop.query(insert, [4]);
  for (const road of ['A', 'B', 'C']) await shop.query(move, [1, road]);
  await shop.query('DELETE FROM customers WHERE id = 3');
  const prune = (keep: string) => superuser.query('SELECT audit.prune_history($1::interval)', [keep]);
  await prune('1 hour');
  assert.equal((await read()).length, 8, 'they are young');
  await prune('0');
  assert.deepEqual(await read(), ['c 2 Road 2', 'c 4 Road 4', 'u 1 C']);
  const { rows } = await superuser.query('SELECT forgotten_id FROM audit.history_state');
  assert.equal(rows[0].forgotten_id, '3');
  await shop.query(move, [1, 'D']);
  await prune('0');
  assert.deepEqual(await read(1), ['u 1 D']);
});

test("the audit's login reads and nothing else; the shop's cannot see the history", async (t) => {
  const { shop, audit } = await open(t);
  await audit.query('SELECT FROM audit.customer_history, audit.history_state, customers');
  for (const sql of ['DELETE FROM audit.customer_history', 'DELETE FROM customers', 'SELECT audit.prune_history()'])
    await assert.rejects(audit.query(sql), /permission denied/, sql);
  for (const sql of ['SELECT FROM audit.customer_history', 'SELECT audit.watch_customers()'])
    await assert.rejects(shop.query(sql), /permission denied/, sql);
});

/** What a start of postgres_start applies. */
async function start(superuser: Pool, env: Record<string, string>): Promise<void> {
  const client = await superuser.connect();
  try {
    await client.query(
      "SELECT set_config('shop.audit_user', $1, false), set_config('shop.audit_password', $2, false)",
      [env['AUDIT_USER'], env['AUDIT_PASSWORD']],
    );
    await client.query(
      readFileSync(new URL('../../../postgres_start/sql/07-customer-history.sql', import.meta.url), 'utf8'),
    );
  } finally {
    client.release();
  }
}
