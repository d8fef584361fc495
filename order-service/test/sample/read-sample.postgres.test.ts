import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createRandom } from '@shop/common';
import { createShopDatabase, fillCustomers, watchPlans } from '@shop/test-support';
import type { Pool } from 'pg';
import { createSampleReader } from '../../src/sample/read-sample.ts';
import type { Sample } from '../../src/sample/sample.ts';

const limits = { customers: 50, newcomers: 3 };
const idsOf = (customers: Sample['customers']) => customers.map(({ id }) => id);
const createReader = (pool: Pick<Pool, 'query'>) => createSampleReader(pool, createRandom(1), limits);

test('refuses a sample without customers or without products', async (t) => {
  const { shop, superuser } = await createShopDatabase(t);
  const reader = createReader(shop);
  await assert.rejects(reader.read(), { code: 'sample_empty', canRetry: true, message: /customers/ });
  await fillCustomers(superuser, 2);
  const { customers, products } = await reader.read();
  assert.deepEqual(idsOf(customers).toSorted(), [1, 2]);
  assert.deepEqual(
    products.map(({ product }) => product),
    ['toy', 'phone', 'table', 'chair'],
  );
  await superuser.query('DELETE FROM products');
  await assert.rejects(reader.read(), { code: 'sample_empty', message: /products/ });
});

test('customers are newcomers only in the first sample after they registered, the latest first', async (t) => {
  const { shop, superuser } = await createShopDatabase(t);
  await fillCustomers(superuser, 5);
  const reader = createReader(shop);
  assert.deepEqual(idsOf((await reader.read()).newcomers), []);
  await fillCustomers(superuser, 2);
  assert.deepEqual(idsOf((await reader.read()).newcomers), [7, 6]);
  assert.deepEqual(idsOf((await reader.read()).newcomers), []);
  await fillCustomers(superuser, 100);
  assert.deepEqual(idsOf((await reader.read()).newcomers), [107, 106, 105]);
});

test('the first customers after an empty table are newcomers', async (t) => {
  const { shop, superuser } = await createShopDatabase(t);
  const reader = createReader(shop);
  await assert.rejects(reader.read(), { code: 'sample_empty' });
  await fillCustomers(superuser, 2);
  assert.deepEqual(idsOf((await reader.read()).newcomers), [2, 1]);
});

test('a deleted customer is not in the next sample', async (t) => {
  const { shop, superuser } = await createShopDatabase(t);
  await fillCustomers(superuser, 10);
  const reader = createReader(shop);
  await reader.read();
  await superuser.query('DELETE FROM customers WHERE id <> 4');
  assert.deepEqual(idsOf((await reader.read()).customers), [4]);
});

test('reads ids and names only, at the same cost in a large table as in a small one', async (t) => {
  const { superuser } = await createShopDatabase(t);
  const client = await superuser.connect();
  const look = async () => {
    const plans = await watchPlans(client);
    const reader = createReader(client);
    for (let turn = 0; turn < 4; turn += 1) await reader.read();
    client.removeAllListeners('notice');
    return plans.filter(({ query }) => query.includes('customers'));
  };
  await fillCustomers(superuser, 50_000);
  const small = await look();
  await fillCustomers(superuser, 200_000);
  const large = await look();
  client.release();
  for (const { query, nodes } of large) {
    assert.doesNotMatch(query, /address|zipcode|country|\*/);
    assert.ok(!nodes.some((node) => /Seq Scan|Sort|Bitmap/.test(node['Node Type'])), query);
  }
  const pagesOf = (plans: typeof large) => plans.reduce((sum, { pages }) => sum + pages, 0);
  assert.ok(pagesOf(large) < 2.5 * pagesOf(small), `${pagesOf(large)} pages against ${pagesOf(small)}`);
});
