import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createRandom } from '@shop/common';
import { createShopDatabase, fillCustomers, watchPlans } from '@shop/test-support';
import type { Pool } from 'pg';
import { createPeople } from '../src/people/create-people.ts';
import { fewestCustomers, updateCustomers } from '../src/update-customers.ts';

function createChance(seed: number) {
  const random = createRandom(seed);
  return { random, people: createPeople(random) };
}

interface Row {
  id: string;
  first_name: string;
  last_name: string;
  zipcode: string;
  country: string;
  address: string;
}

async function readCustomers(pool: Pool): Promise<Map<string, Row>> {
  const { rows } = await pool.query<Row>('SELECT * FROM customers ORDER BY id');
  return new Map(rows.map((row) => [row.id, row]));
}

test('one round inserts, moves and deletes as many customers as requested, each a different one', async (t) => {
  const { shop, superuser } = await createShopDatabase(t);
  await fillCustomers(superuser, 200);
  const before = await readCustomers(shop);
  const changes = await updateCustomers(shop, { inserted: 10, moved: 5, deleted: 3 }, createChance(1));
  assert.deepEqual(changes, { inserted: 10, moved: 5, deleted: 3 });

  const after = await readCustomers(shop);
  assert.equal([...after.keys()].filter((id) => !before.has(id)).length, 10);
  assert.equal([...before.keys()].filter((id) => !after.has(id)).length, 3);
  const moved = [...before.values()].filter((row) => after.has(row.id) && after.get(row.id)?.address !== row.address);
  assert.equal(moved.length, 5);
  for (const { id, first_name, last_name, country } of moved) {
    const now = after.get(id);
    assert.deepEqual(
      { first_name: now?.first_name, last_name: now?.last_name, country: now?.country },
      { first_name, last_name, country },
    );
  }
});

test('a round is one transaction: when the last step fails, nothing changes', async (t) => {
  const { shop, superuser } = await createShopDatabase(t);
  await fillCustomers(superuser, 50);
  await superuser.query(`
    CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE 'no moves today'; END $$;
    CREATE TRIGGER refuse BEFORE UPDATE ON customers EXECUTE FUNCTION refuse();`);
  const before = await readCustomers(shop);
  const change = updateCustomers(shop, { inserted: 3, moved: 2, deleted: 1 }, createChance(1));
  await assert.rejects(change, /no moves today/);
  assert.deepEqual(await readCustomers(shop), before);
});

test('Postgres logs one transaction for a round', async (t) => {
  const { shop, superuser } = await createShopDatabase(t);
  await fillCustomers(superuser, 50);
  await updateCustomers(shop, { inserted: 3, moved: 2, deleted: 0 }, createChance(1));
  const { rows } = await superuser.query('SELECT DISTINCT xmin::text FROM customers WHERE id > 50 OR address !~ $1', [
    'Invalidenstr',
  ]);
  assert.equal(rows.length, 1);
});

test('the first round works on an empty table', async (t) => {
  const { shop } = await createShopDatabase(t);
  const changes = await updateCustomers(shop, { inserted: 10, moved: 5, deleted: 1 }, createChance(1));
  assert.deepEqual(changes, { inserted: 10, moved: 0, deleted: 0 });
});

test('a shop that only loses customers keeps a few, who continue to move', async (t) => {
  const { shop, superuser } = await createShopDatabase(t);
  await fillCustomers(superuser, 37);
  const chance = createChance(1);
  for (let round = 0; round < 8; round += 1) await updateCustomers(shop, { inserted: 0, moved: 1, deleted: 5 }, chance);
  assert.equal((await readCustomers(shop)).size, fewestCustomers);
  const last = await updateCustomers(shop, { inserted: 0, moved: 3, deleted: 5 }, chance);
  assert.deepEqual(last, { inserted: 0, moved: 3, deleted: 0 });
});

test('skips customers whom another transaction has locked, without waiting', async (t) => {
  const { shop, superuser } = await createShopDatabase(t);
  await fillCustomers(superuser, 12);
  const other = await superuser.connect();
  await other.query('BEGIN');
  await other.query('SELECT FROM customers WHERE id <= 6 FOR UPDATE');
  const changes = await updateCustomers(shop, { inserted: 0, moved: 12, deleted: 0 }, createChance(1));
  await other.query('ROLLBACK');
  other.release();
  assert.deepEqual(changes, { inserted: 0, moved: 6, deleted: 0 });
});

test('the same seed on the same table makes the same changes', async (t) => {
  const tables = [];
  for (const seed of [7, 7, 8]) {
    const { shop, superuser } = await createShopDatabase(t);
    await fillCustomers(superuser, 500);
    const chance = createChance(seed);
    for (let round = 0; round < 3; round += 1)
      await updateCustomers(shop, { inserted: 4, moved: 3, deleted: 2 }, chance);
    tables.push(await readCustomers(shop));
  }
  assert.deepEqual(tables[0], tables[1]);
  assert.notDeepEqual(tables[0], tables[2]);
});

test('changes ten thousand customers in one round', async (t) => {
  const { shop, superuser } = await createShopDatabase(t);
  await fillCustomers(superuser, 15_000);
  const wishes = { inserted: 10_000, moved: 5_000, deleted: 1_000 };
  assert.deepEqual(await updateCustomers(shop, wishes, createChance(1)), wishes);
});

test('finds customers at the same cost in a large table as in a small one', async (t) => {
  const { superuser } = await createShopDatabase(t);
  const change = async () => {
    // One query at a time, so that the pool returns the same connection.
    const client = await superuser.connect();
    const plans = await watchPlans(client);
    client.release();
    for (let seed = 0; seed < 4; seed += 1)
      await updateCustomers(superuser, { inserted: 10, moved: 5, deleted: 1 }, createChance(seed));
    assert.equal(superuser.totalCount, 1);
    client.removeAllListeners('notice');
    return plans;
  };
  await fillCustomers(superuser, 50_000);
  const small = await change();
  await fillCustomers(superuser, 300_000);
  const large = await change();

  for (const { query, nodes } of large) {
    assert.ok(!nodes.some((node) => /Sort/.test(node['Node Type'])), query);
    for (const node of nodes.filter((each) => each['Relation Name'] === 'customers'))
      assert.match(node['Node Type'], /^(Index (Only )?Scan|Tid Scan|Bitmap (Heap|Index) Scan|ModifyTable)$/, query);
  }
  assert.ok(
    large.some(({ query }) => query.startsWith('UPDATE')) && large.some(({ query }) => query.startsWith('DELETE')),
  );
  const pagesOf = (plans: typeof large) => plans.reduce((sum, { pages }) => sum + pages, 0);
  assert.ok(pagesOf(large) < 2.5 * pagesOf(small), `${pagesOf(large)} pages against ${pagesOf(small)}`);
});
