import { randomUUID } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { Client, Pool } from 'pg';
import type { Scope } from './scope.ts';
import { testPostgres } from './test-servers.ts';

const sqlDir = fileURLToPath(new URL('../../../postgres_start/sql', import.meta.url));

export interface ShopDatabase {
  /** Connections with the rights of the services. */
  shop: Pool;
  /** Connections with the rights of the audit. */
  audit: Pool;
  /** Connections of a superuser. */
  superuser: Pool;
  /** Variables that point a service to it. */
  env: Record<string, string>;
  /** Cuts the services' connections and refuses new ones, or accepts them again. */
  setAway(away: boolean): Promise<void>;
}

/** Creates a database with postgres_start/sql and separate logins. The end of the test drops it. */
export async function createShopDatabase(t: Scope): Promise<ShopDatabase> {
  const database = `test_${randomUUID().replaceAll('-', '').slice(0, 12)}`;
  const url = new URL(testPostgres());
  const adminUrl = url.href;
  url.pathname = database;
  const logins = {
    'shop.shop_user': `${database}_shop`,
    'shop.shop_password': 'of-a-test',
    'shop.debezium_user': `${database}_debezium`,
    'shop.debezium_password': 'of-a-test',
    'shop.audit_user': `${database}_audit`,
    'shop.audit_password': 'of-a-test',
  };
  const superuser = new Pool({ connectionString: url.href });
  const openPool = (user: string) =>
    new Pool({ host: url.hostname, port: Number(url.port), database, user, password: 'of-a-test' });
  const shop = openPool(logins['shop.shop_user']);
  const audit = openPool(logins['shop.audit_user']);
  // A test may cut idle connections.
  for (const pool of [superuser, shop, audit]) pool.on('error', () => undefined);
  t.after(async () => {
    // Do not wait: a failed test may still have a connection, which FORCE below cuts.
    for (const pool of [superuser, shop, audit]) void pool.end();
    await withClient(adminUrl, async (client) => {
      await client.query(`DROP DATABASE ${database} WITH (FORCE)`);
      await client.query(
        `DROP ROLE ${logins['shop.shop_user']}, ${logins['shop.debezium_user']}, ${logins['shop.audit_user']}`,
      );
    });
  });
  await withClient(adminUrl, async (client) => {
    // Roles belong to the whole server, so two tests that create the same role at once would fail.
    await client.query('SELECT pg_advisory_lock(4711)');
    await client.query(`CREATE DATABASE ${database}`);
    await withClient(url.href, (inside) => applySql(inside, logins));
  });
  const env = {
    POSTGRES_HOST: url.hostname,
    POSTGRES_PORT: url.port,
    POSTGRES_DB: database,
    SHOP_USER: logins['shop.shop_user'],
    SHOP_PASSWORD: logins['shop.shop_password'],
    AUDIT_USER: logins['shop.audit_user'],
    AUDIT_PASSWORD: logins['shop.audit_password'],
  };
  const setAway = (away: boolean) =>
    withClient(adminUrl, async (client) => {
      await client.query(`ALTER DATABASE ${database} ALLOW_CONNECTIONS ${!away}`);
      if (away)
        await client.query('SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = $1', [
          env.SHOP_USER,
        ]);
    });
  return { shop, audit, superuser, env, setAway };
}

/** Inserts `count` customers. */
export async function fillCustomers(superuser: Pool, count: number): Promise<void> {
  await superuser.query(
    `INSERT INTO customers (first_name, last_name, zipcode, country, address)
     SELECT 'Ada', 'Number ' || n, '10115', 'Germany', 'Invalidenstr. ' || n || ', Berlin'
     FROM generate_series(1, $1::bigint) AS n`,
    [count],
  );
}

async function applySql(client: Client, logins: Record<string, string>): Promise<void> {
  for (const [name, value] of Object.entries(logins))
    await client.query('SELECT set_config($1, $2, false)', [name, value]);
  for (const file of readdirSync(sqlDir).sort())
    if (file.endsWith('.sql')) await client.query(readFileSync(path.join(sqlDir, file), 'utf8'));
}

async function withClient(url: string, use: (client: Client) => Promise<void>): Promise<void> {
  const client = new Client(url);
  await client.connect();
  try {
    await use(client);
  } finally {
    await client.end();
  }
}
