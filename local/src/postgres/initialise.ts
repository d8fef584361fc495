import { randomBytes } from 'node:crypto';
import { chownSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { startProcess } from '../os/start-process.ts';
import type { ProcessHost } from '../processes/process-host.ts';
import { requireSuccess } from '../processes/wait-until-up.ts';
import type { Account } from './account.ts';
import { noteOwner } from './system-data.ts';

/** The folder, user and binaries of one Postgres. */
export interface PostgresHome {
  /** Contains `data` (the server's folder) and `superuser` (that login's password). */
  folder: string;
  /** The requested folder; `folder` differs if the account cannot enter it. */
  wanted: string;
  binaries: string;
  account: Account | undefined;
}

const checkout = fileURLToPath(new URL('../../..', import.meta.url)).replace(/\/$/, '');

export const superuser = 'postgres';

export const dataFolder = ({ folder }: PostgresHome): string => path.join(folder, 'data');

export const readSuperuserPassword = ({ folder }: PostgresHome): string =>
  readFileSync(path.join(folder, 'superuser'), 'utf8').trim();

/**
 * Creates the data folder on the first start. An interrupted start never leaves an incomplete one.
 *
 * @throws ProcessError when initdb fails
 */
export async function initialisePostgres(home: PostgresHome, host: ProcessHost): Promise<void> {
  const data = dataFolder(home);
  // The account must be able to enter the folders above its own.
  mkdirSync(path.dirname(home.folder), { recursive: true, mode: 0o755 });
  mkdirSync(home.folder, { recursive: true, mode: 0o700 });
  if (home.folder !== home.wanted) noteOwner(home.folder, { checkout, shop: path.dirname(home.wanted) });
  if (existsSync(path.join(data, 'PG_VERSION'))) return;
  const partial = `${data}.new`;
  const passwordFile = path.join(home.folder, 'superuser');
  rmSync(partial, { recursive: true, force: true });
  writeFileSync(passwordFile, `${randomBytes(24).toString('base64url')}\n`, { mode: 0o600 });
  if (home.account) for (const one of [home.folder, passwordFile]) chownSync(one, home.account.uid, home.account.gid);

  const options = [
    `--pgdata=${partial}`,
    `--username=${superuser}`,
    `--pwfile=${passwordFile}`,
    '--auth=scram-sha-256',
    '--encoding=UTF8',
    '--locale=C',
    '--locale-provider=builtin',
    '--builtin-locale=C.UTF-8',
    '--no-sync',
  ];
  const initdb = startProcess({
    command: path.join(home.binaries, 'bin', 'initdb'),
    args: options,
    cwd: home.folder,
    env: postgresEnvironment(),
    account: home.account && { uid: home.account.uid, gid: home.account.gid },
    ending: { signal: 'SIGTERM', graceMs: 10_000 },
    host,
  });
  await requireSuccess(host, initdb, 'could not make its data folder by initdb');
  renameSync(partial, data);
}

export const postgresEnvironment = (): Record<string, string> => ({
  PATH: process.env['PATH'] ?? '',
  LC_ALL: 'C',
});
