import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import type { PostgresSettings } from '@shop/common';
import { Client, type ClientConfig, escapeIdentifier } from 'pg';

/**
 * Creates the database and applies the files of postgres_start/sql by name, as the image's apply.sh does. It can run
 * again at any time.
 *
 * @throws when a statement fails; the message names the file
 */
export async function applySql(
  folder: string,
  superuser: ClientConfig,
  { database, shop, debezium, audit }: PostgresSettings,
): Promise<void> {
  await withClient({ ...superuser, database: 'postgres' }, async (client) => {
    const found = await client.query('SELECT FROM pg_database WHERE datname = $1', [database]);
    if (found.rowCount === 0) await client.query(`CREATE DATABASE ${escapeIdentifier(database)}`);
  });
  await withClient({ ...superuser, database }, async (client) => {
    const logins = {
      shop_user: shop.user,
      shop_password: shop.password,
      debezium_user: debezium.user,
      debezium_password: debezium.password,
      audit_user: audit.user,
      audit_password: audit.password,
    };
    for (const [name, value] of Object.entries(logins))
      await client.query('SELECT set_config($1, $2, false)', [`shop.${name}`, value]);
    for (const file of readdirSync(folder)
      .filter((name) => name.endsWith('.sql'))
      .sort())
      await applyFile(client, path.join(folder, file));
  });
}

/** Resolves when the server accepts a login and a query. */
export async function askPostgres(superuser: ClientConfig): Promise<void> {
  await withClient({ ...superuser, database: 'postgres', connectionTimeoutMillis: 30_000 }, async (client) => {
    await client.query('SELECT 1');
  });
}

async function applyFile(client: Client, file: string): Promise<void> {
  try {
    await client.query(readFileSync(file, 'utf8'));
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new Error(`postgres_start/sql/${path.basename(file)}: ${reason}`, { cause });
  }
}

async function withClient(config: ClientConfig, use: (client: Client) => Promise<void>): Promise<void> {
  const client = new Client(config);
  await client.connect();
  try {
    await use(client);
  } finally {
    await client.end();
  }
}
