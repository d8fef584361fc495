import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createRandom, sampleCustomerIds } from '../../src/index.ts';
import { watchPlans } from '../servers/explain.ts';
import { createShopDatabase, fillCustomers } from '../servers/shop-database.ts';

test('an empty table has nobody to pick', async (t) => {
  const { shop } = await createShopDatabase(t);
  assert.deepEqual(await sampleCustomerIds(shop, 5, createRandom(1)), []);
});

test('a table with fewer customers than asked for gives all of them', async (t) => {
  const { shop, superuser } = await createShopDatabase(t);
  await fillCustomers(superuser, 7);
  const picked = await sampleCustomerIds(shop, 5_000, createRandom(1));
  assert.deepEqual(picked.toSorted(), [1, 2, 3, 4, 5, 6, 7]);
});

test('picks are distinct, as many as asked for, and reach the whole table', async (t) => {
  const { shop, superuser } = await createShopDatabase(t);
  await fillCustomers(superuser, 10_000);
  const random = createRandom(1);
  for (const count of [1, 5, 400, 2_000, 2_600, 9_999, 10_000]) {
    const picked = await sampleCustomerIds(shop, count, random);
    assert.equal(new Set(picked).size, count, `${count}`);
    assert.equal(picked.length, count);
  }
  const tenths = new Set((await sampleCustomerIds(shop, 400, random)).map((id) => Math.floor((id - 1) / 1_000)));
  assert.equal(tenths.size, 10);
});

test('wide gaps leave enough to pick, on both sides', async (t) => {
  const { shop, superuser } = await createShopDatabase(t);
  await fillCustomers(superuser, 50_000);
  await superuser.query('DELETE FROM customers WHERE id BETWEEN 31 AND 49970');
  const random = createRandom(1);
  const seen = new Set<number>();
  for (let round = 0; round < 60; round += 1) {
    const picked = await sampleCustomerIds(shop, 10, random);
    assert.equal(new Set(picked).size, 10);
    for (const id of picked) seen.add(id);
  }
  assert.ok([...seen].every((id) => id <= 30 || id > 49_970));
  assert.ok(seen.size > 50, `only ${seen.size} of 60 customers were ever picked`);
});

test('the same seed on the same table picks the same, another seed others', async (t) => {
  const { shop, superuser } = await createShopDatabase(t);
  await fillCustomers(superuser, 3_000);
  const pick = (seed: number) => sampleCustomerIds(shop, 20, createRandom(seed));
  assert.deepEqual(await pick(7), await pick(7));
  assert.notDeepEqual(await pick(7), await pick(8));
});

test('the key is all that is read, and as many pages of it in a large table as in a small one', async (t) => {
  const { superuser } = await createShopDatabase(t);
  const client = await superuser.connect();
  const pagesOf = async () => {
    const plans = await watchPlans(client);
    for (let seed = 0; seed < 5; seed += 1) await sampleCustomerIds(client, 20, createRandom(seed));
    assert.ok(plans.length >= 10);
    for (const { query, nodes } of plans) {
      const types = nodes.map((node) => node['Node Type']);
      assert.ok(!types.some((type) => /Seq Scan|Sort|Bitmap|Hash/.test(type)), `${query}: ${types}`);
      const scans = nodes.filter((node) => node['Relation Name'] === 'customers');
      for (const scan of scans) assert.match(scan['Node Type'], /^Index (Only )?Scan$/, query);
    }
    client.removeAllListeners('notice');
    return plans.reduce((sum, { pages }) => sum + pages, 0);
  };
  await fillCustomers(superuser, 1_000);
  const small = await pagesOf();
  await fillCustomers(superuser, 200_000);
  const large = await pagesOf();
  client.release();
  assert.ok(large < 2.5 * small, `${large} pages of 201,000 customers, ${small} of 1,000`);
});
