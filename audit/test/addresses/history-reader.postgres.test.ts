import assert from 'node:assert/strict';
import test, { type TestContext } from 'node:test';
import { createShopDatabase } from '@shop/test-support';
import type { Pool } from 'pg';
import { createCustomerHistory } from '../../src/addresses/customer-history.ts';
import { createHistoryReader } from '../../src/addresses/history-reader.ts';
import { rowFingerprint } from '../../src/customers/row-fingerprint.ts';

const rowWith = (address: string) =>
  rowFingerprint({ first_name: 'Ada', last_name: 'Meier', zipcode: '1', country: 'DE', address });
const insert = `INSERT INTO customers (first_name, last_name, zipcode, country, address)
  SELECT 'Ada', 'Meier', '1', 'DE', 'Road' FROM generate_series(1, $1::int)`;
const move = 'UPDATE customers SET address = $2 WHERE id = $1';

async function open(t: TestContext) {
  const { shop, audit, superuser } = await createShopDatabase(t);
  const history = createCustomerHistory(() => 0);
  let rows = 0;
  const counting = {
    query: async (...args: unknown[]) => {
      const result = await (audit.query as (...all: unknown[]) => Promise<{ rows: unknown[] }>).apply(audit, args);
      rows += result.rows.length;
      return result;
    },
  } as unknown as Pool;
  const read = createHistoryReader(counting, history);
  const rowsOf = (id: number) => history.versionsOf(id).map(({ row }) => row);
  return {
    shop,
    superuser,
    history,
    rowsOf,
    /** @returns how many rows Postgres sent */
    async read() {
      rows = 0;
      await read();
      return rows;
    },
  };
}

test('reads everything that is committed, and continues where it stopped', async (t) => {
  const { shop, read, rowsOf, history } = await open(t);
  await shop.query(insert, [3]);
  await shop.query(move, [1, 'New Road']);
  await shop.query('DELETE FROM customers WHERE id = 2');
  await read();
  assert.deepEqual(rowsOf(1), [rowWith('Road'), rowWith('New Road')]);
  assert.deepEqual(rowsOf(2), [rowWith('Road'), null]);
  assert.deepEqual([history.isComplete(1), history.isComplete(99)], [true, true]);
  assert.equal(await read(), 1, 'only the state');
  await shop.query(move, [3, 'New Road']);
  assert.equal(await read(), 2);
});

test('a transaction that began early and commits late is read, whatever was read in between', async (t) => {
  const { shop, read, rowsOf } = await open(t);
  await shop.query(insert, [3]);
  const early = await shop.connect();
  try {
    await early.query('BEGIN');
    await early.query(move, [1, 'Early']);
    await shop.query(move, [2, 'Later']);
    await read();
    assert.deepEqual(rowsOf(2), [rowWith('Road'), rowWith('Later')], 'a committed change is read immediately');
    assert.deepEqual(rowsOf(1), [rowWith('Road')]);
    await read();
    await early.query(move, [2, 'Last']);
    await early.query('COMMIT');
  } finally {
    early.release();
  }
  await read();
  assert.deepEqual(rowsOf(1), [rowWith('Road'), rowWith('Early')]);
  assert.deepEqual(rowsOf(2), [rowWith('Road'), rowWith('Later'), rowWith('Last')]);
  assert.equal(await read(), 1, 'all changes are settled');
});

test('reads a large history page by page', async (t) => {
  const { shop, read, history } = await open(t);
  await shop.query(insert, [12_000]);
  await shop.query("UPDATE customers SET address = 'Elsewhere'");
  await read();
  assert.deepEqual(history.figures(), { customers: 12_000, with_former_versions: 12_000, changes: 24_000 });
});
