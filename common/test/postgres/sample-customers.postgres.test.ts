import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createShopDatabase, fillCustomers, watchPlans } from '@shop/test-support';
import fc from 'fast-check';
import { createRandom, sampleCustomerIds } from '../../src/index.ts';

test('an empty table gives no customer', async (t) => {
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

/**
 * Whether runs of customers were picked in proportion to their sizes: chi-squared, at most ten standard deviations above its
 * mean. A fair choice fails once in 10,000 times at most, and one that favours a run fails at once.
 */
function isFair(picks: readonly number[], sizes: readonly number[]): boolean {
  const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);
  const share = sum(picks) / sum(sizes);
  const chiSquared = sum(sizes.map((size, index) => ((picks[index] ?? 0) - size * share) ** 2 / (size * share)));
  const freedom = sizes.length - 1;
  return chiSquared < freedom + 10 * Math.sqrt(2 * freedom);
}

test('every customer is equally likely, whatever the gaps between the ids', async (t) => {
  const { shop, superuser } = await createShopDatabase(t);
  const gaps = fc.array(
    fc.record({ gap: fc.integer({ min: 0, max: 2 ** 33 }), run: fc.integer({ min: 50, max: 400 }) }),
    {
      minLength: 2,
      maxLength: 4,
    },
  );
  await fc.assert(
    fc.asyncProperty(gaps, fc.integer(), async (runs, seed) => {
      await superuser.query('TRUNCATE customers');
      const starts: number[] = [];
      let next = 1;
      for (const { gap, run } of runs) {
        next += gap;
        starts.push(next);
        await superuser.query(
          `INSERT INTO customers
           SELECT n, 'Ada', 'Number', '10115', 'Germany', repeat('x', 300) FROM generate_series($1::bigint, $2::bigint) AS n`,
          [next, next + run - 1],
        );
        next += run;
      }
      const random = createRandom(seed);
      const counts = runs.map(() => 0);
      for (let round = 0; round < 60; round += 1)
        for (const id of await sampleCustomerIds(shop, 5, random)) {
          const run = starts.findLastIndex((start) => start <= id);
          counts[run] = (counts[run] ?? 0) + 1;
        }
      const sizes = runs.map(({ run }) => run);
      assert.ok(isFair(counts, sizes), `${counts} of runs of ${sizes}`);
    }),
    { numRuns: 6 },
  );
});

test('as many pages are read of a large table as of a small one, and none is scanned or sorted', async (t) => {
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
      for (const scan of scans) assert.match(scan['Node Type'], /^(Index (Only )?|Tid )Scan$/, query);
    }
    client.removeAllListeners('notice');
    return plans.reduce((sum, { pages }) => sum + pages, 0);
  };
  await fillCustomers(superuser, 50_000);
  const small = await pagesOf();
  await fillCustomers(superuser, 200_000);
  const large = await pagesOf();
  client.release();
  assert.ok(large < 2.5 * small, `${large} pages of 250,000 customers, ${small} of 50,000`);
});
