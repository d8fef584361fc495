import path from 'node:path';
import { type Account, findPostgresAccount, mayEnter } from './account.ts';
import { findPostgresBinaries } from './binaries.ts';
import type { PostgresHome } from './initialise.ts';
import { systemFolder, systemFolderFor } from './system-data.ts';

/**
 * Postgres' folder, binaries and user. Root's Postgres runs as another user; where that one may not enter `wanted`
 * (a checkout below /root, say), data and binaries go to `systemFolder`, the data into one folder for each `wanted`.
 */
export function findPostgresHome(wanted: string, cache: string): PostgresHome {
  const account = findPostgresAccount();
  return {
    account,
    wanted,
    folder: findDataFolder(wanted, account),
    binaries: findPostgresBinaries(account, mayEnter(cache, account) ? cache : systemFolder),
  };
}

function findDataFolder(wanted: string, account: Account | undefined): string {
  if (mayEnter(path.dirname(wanted), account)) return wanted;
  return systemFolderFor(wanted);
}
