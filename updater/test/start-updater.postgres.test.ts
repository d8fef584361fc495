import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createShopDatabase, runServiceProcess, until } from '@shop/test-support';

const main = new URL('../src/main.ts', import.meta.url);
/** No broker listens on port 1: customers change without one. */
const noKafka = { KAFKA_BOOTSTRAP_SERVERS: '127.0.0.1:1' };

test('waits for Postgres, logs that once, continues, and ends with 0 on SIGTERM', async (t) => {
  const { superuser, env, setAway } = await createShopDatabase(t);
  const updater = runServiceProcess(t, main, { ...env, ...noKafka, UPDATE_INTERVAL_MS: '100' });
  const lastCustomer = async () =>
    Number((await superuser.query<{ last: string }>('SELECT max(id) AS last FROM customers')).rows[0]?.last);
  await until('30 customers', async () => (await lastCustomer()) >= 30);

  await setAway(true);
  const isPostgres = ({ dependency }: { dependency?: string }) => dependency === 'Postgres';
  await until('a report that Postgres is unavailable', () => updater.lines.some(isPostgres));
  const before = await lastCustomer();
  await setAway(false);
  await until('another customer', async () => (await lastCustomer()) > before);
  await until('a report that Postgres is available again', () => updater.lines.filter(isPostgres).length >= 2);

  assert.equal(await updater.end(), 0);
  const told = updater.lines.filter(isPostgres).map(({ msg }) => msg);
  assert.deepEqual(told, ['waiting for a dependency', 'the dependency is available']);
});

test('works on a table with added columns, and names a missing column that it waits for', async (t) => {
  const { superuser, env } = await createShopDatabase(t);
  await superuser.query('ALTER TABLE customers ADD COLUMN points int NOT NULL DEFAULT 7');
  await superuser.query('ALTER TABLE customers ALTER COLUMN zipcode TYPE varchar(10)');
  const updater = runServiceProcess(t, main, { ...env, ...noKafka, UPDATE_INTERVAL_MS: '100' });
  const lastCustomer = async () =>
    Number((await superuser.query<{ last: string }>('SELECT max(id) AS last FROM customers')).rows[0]?.last);
  await until('30 customers', async () => (await lastCustomer()) >= 30);

  await superuser.query('ALTER TABLE customers RENAME COLUMN address TO street');
  const isPostgres = ({ dependency }: { dependency?: string }) => dependency === 'Postgres';
  await until('a report of the missing column', () => updater.lines.some(isPostgres));
  const before = await lastCustomer();
  await superuser.query('ALTER TABLE customers RENAME COLUMN street TO address');
  await until('another customer', async () => (await lastCustomer()) > before);

  const told = updater.lines.filter(isPostgres);
  assert.match(String(told[0]?.['reason']), /column "address"/);
  assert.equal(await updater.end(), 0);
});

test('a setting that cannot be read stops the start', async (t) => {
  const { env } = await createShopDatabase(t);
  const updater = runServiceProcess(t, main, { ...env, ...noKafka, CUSTOMERS_MOVED: 'some' });
  assert.equal(await updater.ended, 78);
  assert.match(updater.lines.map(({ msg }) => msg).join(), /CUSTOMERS_MOVED: found "some", expected a whole number/);
});

test('a wrong setting of Kafka stops the start, too, although the status is published in the background', async (t) => {
  const { env } = await createShopDatabase(t);
  const updater = runServiceProcess(t, main, { ...env, KAFKA_BOOTSTRAP_SERVERS: 'no port' });
  assert.equal(await updater.ended, 78);
});
