import { createHash } from 'node:crypto';
import path from 'node:path';
import { type Account, findPostgresAccount, mayEnter } from './account.ts';
import { findPostgresBinaries } from './binaries.ts';
import type { PostgresHome } from './initialise.ts';

/** Where root's Postgres lives when its user may not enter the folders that were asked for. */
const rootsFolder = '/var/lib/kafka-web-shop';

/**
 * Postgres' folder, binaries and user. Root's Postgres runs as another user; where that one may not enter `wanted`
 * (a checkout below /root, say), data and binaries go to a folder below /var/lib, one for each `wanted`.
 */
export function findPostgresHome(wanted: string, cache: string): PostgresHome {
  const account = findPostgresAccount();
  return {
    account,
    folder: findDataFolder(wanted, account),
    binaries: findPostgresBinaries(account, mayEnter(cache, account) ? cache : rootsFolder),
  };
}

export function findDataFolder(wanted: string, account: Account | undefined): string {
  if (mayEnter(path.dirname(wanted), account)) return wanted;
  const name = createHash('sha256').update(wanted).digest('hex').slice(0, 12);
  return path.join(rootsFolder, `data-${name}`);
}
