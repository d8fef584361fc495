import { readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { describeError, isTransientPostgresError, type PostgresSettings } from '@shop/common';
import { type RunningProcess, startProcess } from '../os/start-process.ts';
import type { ProcessHost } from '../processes/process-host.ts';
import { ProcessError, waitUntilUp } from '../processes/wait-until-up.ts';
import { applySql, askPostgres } from './apply-sql.ts';
import {
  dataFolder,
  initialisePostgres,
  type PostgresHome,
  postgresEnvironment,
  readSuperuserPassword,
  superuser,
} from './initialise.ts';

export interface PostgresPlan {
  home: PostgresHome;
  port: number;
  /** The arguments of `postgres` in docker-compose.yml's `command:`: `-c name=value …`. */
  options: readonly string[];
  /** postgres_start/sql */
  sqlFolder: string;
  settings: PostgresSettings;
  host: ProcessHost;
}

/** A fast shutdown: rolls back open transactions and writes a checkpoint. SIGTERM would wait for all clients. */
const postgresEnding = { signal: 'SIGINT', graceMs: 10_000 } as const;

/**
 * Starts Postgres on loopback and applies the SQL files. The first start creates the data folder.
 *
 * @throws when it does not come up, or a SQL file fails
 */
export async function startPostgres({
  home,
  port,
  options,
  sqlFolder,
  settings,
  host,
}: PostgresPlan): Promise<RunningProcess> {
  await initialisePostgres(home, host);
  const data = dataFolder(home);
  removeStaleLock(data);
  const running = startProcess({
    command: path.join(home.binaries, 'bin', 'postgres'),
    args: [
      '-D',
      data,
      '-p',
      String(port),
      ...options,
      '-c',
      'listen_addresses=127.0.0.1',
      '-c',
      'unix_socket_directories=',
    ],
    cwd: home.folder,
    env: postgresEnvironment(),
    account: home.account && { uid: home.account.uid, gid: home.account.gid },
    ending: postgresEnding,
    host,
  });
  const login = { host: '127.0.0.1', port, user: superuser, password: readSuperuserPassword(home) };
  await waitUntilUp(host, running, { check: () => askPostgres(login) });
  try {
    await applySql(sqlFolder, login, settings);
  } catch (error) {
    await running.stop();
    throw isTransientPostgresError(error) ? new ProcessError(host, `was interrupted (${describeError(error)})`) : error;
  }
  return running;
}

/**
 * Removes a stale lock file of Postgres. After a kill -9, Postgres only checks whether a process with the lock's id
 * exists, and after a restart of the machine that may be another program.
 */
function removeStaleLock(data: string): void {
  if (process.platform !== 'linux') return;
  const file = path.join(data, 'postmaster.pid');
  const pid = readOrNothing(file)?.split('\n')[0]?.trim();
  if (pid === undefined) return;
  const command = readOrNothing(`/proc/${pid}/cmdline`);
  if (command !== undefined && !command.split('\0').includes(data)) rmSync(file, { force: true });
}

function readOrNothing(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
}
