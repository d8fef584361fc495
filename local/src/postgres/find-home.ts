import path from 'node:path';
import { type Account, findPostgresAccount, mayEnter } from './account.ts';
import { findPostgresBinaries } from './binaries.ts';
import type { PostgresHome } from './initialise.ts';
import { systemFolder, systemFolderFor } from './system-data.ts';

/**
 * Finds Postgres' folder, binaries and user. For root, Postgres runs as another user. If that user cannot enter
 * `wanted` (for example a checkout below /root), data and binaries go to `systemFolder`, the data to one folder per
 * `wanted`.
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
