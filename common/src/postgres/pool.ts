import { Pool } from 'pg';
import type { ServiceContext } from '../service/run-service.ts';
import { waitUntilDone } from '../service/wait-until-done.ts';
import { type PostgresSettings, readPostgresSettings } from '../settings/postgres-settings.ts';
import { describeError, ShopError } from '../shop-error.ts';

/** SQLSTATEs that the user must fix: login refused, no such database, permission denied. */
const permanentStates = new Set(['28000', '28P01', '3D000', '42501', '42P01', '42703']);

/** Whether a retry can help: the connection broke, the server starts or stops, two transactions conflicted. */
export function isTransientPostgresError(error: unknown): boolean {
  if (error instanceof ShopError) return error.canRetry;
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  return !permanentStates.has(code) && !/^(22|23|42)/.test(code);
}

/**
 * Whether a statement that worked before can work again. Other users of the database may change a table and change it back, so
 * a service waits for that instead of ending.
 */
export function mayStatementSucceedLater(error: unknown): boolean {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  return isTransientPostgresError(error) || /^(22|23|42)/.test(code);
}

/**
 * Reads config/postgres.config, opens a pool with the services' login and waits until Postgres answers.
 *
 * @throws SettingError, or ShopError when Postgres refuses the login: one line with file and key
 */
export async function connectPostgres(context: ServiceContext): Promise<Pool> {
  const settings = readPostgresSettings(context.env);
  const pool = new Pool({
    host: settings.host,
    port: settings.port,
    database: settings.database,
    ...settings.shop,
    max: 4,
    connectionTimeoutMillis: 5_000,
    statement_timeout: 15_000,
    query_timeout: 20_000,
    keepAlive: true,
    application_name: context.name,
  });
  // The next query replaces an idle connection that breaks, and reports what is wrong.
  pool.on('error', (err) => context.logger.debug({ err }, 'an idle connection to Postgres broke'));
  context.onClose(() => pool.end());
  await waitUntilDone('Postgres', () => askForAnswer(pool, settings), context);
  return pool;
}

async function askForAnswer(pool: Pool, { source, host, port }: PostgresSettings): Promise<void> {
  try {
    await pool.query('SELECT 1');
  } catch (cause) {
    const words = describeError(cause);
    if (isTransientPostgresError(cause))
      throw new ShopError('postgres_away', `no answer from ${host}:${port} (${source.address}): ${words}`, {
        cause,
        canRetry: true,
      });
    throw new ShopError('postgres_login', `Postgres refused the login; fix ${source.shopLogin} (${words})`, { cause });
  }
}
