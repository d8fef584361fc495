import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { readPostgresSettings } from '@shop/common';
import { type Compose, findService, readCompose } from './compose/read-compose.ts';
import { type Folders, findFolders } from './fleet/folders.ts';
import { fetchJars } from './java/fetch-jars.ts';
import { findJava, type Java } from './java/find-java.ts';
import { openProcessLog } from './os/process-log.ts';
import type { RunningProcess } from './os/start-process.ts';
import { findFreePort } from './ports.ts';
import { findPostgresHome } from './postgres/find-home.ts';
import { readSuperuserPassword, superuser } from './postgres/initialise.ts';
import { startPostgres } from './postgres/start-postgres.ts';
import type { ProcessHost } from './processes/process-host.ts';
import { type ClientListener, startKafka } from './processes/start-kafka.ts';

export { findService, readCompose } from './compose/read-compose.ts';
export { findAddresses } from './fleet/addresses.ts';
export { findFolders } from './fleet/folders.ts';
export { listPorts } from './fleet/list-ports.ts';
export { brokerNames, foundations, listServices } from './fleet/process-names.ts';
export { fetchByPom } from './java/fetch-jars.ts';
export { identify, listGroup } from './os/identity.ts';
export { findFreeOffset, findFreePort } from './ports.ts';
export { findPostgresHome } from './postgres/find-home.ts';
export { readSuperuserPassword, superuser } from './postgres/initialise.ts';

/** A single process without a fleet, for tests, on a free port and with its own folder. */
export interface StandAlone {
  readonly port: number;
  readonly pid: number;
  stop(): Promise<void>;
  /** Sends SIGKILL, like a crash. */
  kill(): Promise<void>;
}

export interface StandAloneDatabase extends StandAlone {
  /** The superuser's login, for tests that create databases and roles. */
  readonly superuserUrl: string;
}

export interface StandAlonePlan {
  /** The folder of data and log. A later start on the same folder has the same data. */
  folder: string;
  /** A free port if absent. */
  port?: number;
}

/**
 * Starts a Kafka broker at 127.0.0.1:port with the settings of docker-compose.yml. `listener` adds a second listener.
 *
 * @param environment more settings in the form of docker-compose.yml: KAFKA_…
 */
export async function startBroker({
  folder,
  port,
  listener,
  environment = {},
}: StandAlonePlan & {
  listener?: ClientListener;
  environment?: Readonly<Record<string, string>>;
}): Promise<StandAlone> {
  const { compose, java, jars } = await prepareJava();
  const free = port ?? (await findFreePort());
  return run('kafka', folder, free, (host) =>
    startKafka({
      java,
      jars: jars.kafka,
      folder,
      port: free,
      environment: { ...findService(compose, 'kafka').environment, ...environment },
      ...(listener && { listener }),
      host,
    }),
  );
}

/** Starts Postgres at 127.0.0.1:port with the shop's tables and the logins of config/postgres.config. */
export async function startDatabase({ folder, port }: StandAlonePlan): Promise<StandAloneDatabase> {
  const { compose, folders } = prepare();
  const free = port ?? (await findFreePort());
  const home = findPostgresHome(path.join(folder, 'postgres'), folders.cache);
  const database = await run('postgres_start', folder, free, (host) =>
    startPostgres({
      home,
      port: free,
      options: findService(compose, 'postgres_start').command.slice(1),
      sqlFolder: path.join(folders.checkout, 'postgres_start', 'sql'),
      settings: readPostgresSettings(process.env),
      host,
    }),
  );
  const superuserUrl = `postgres://${superuser}:${readSuperuserPassword(home)}@127.0.0.1:${free}/postgres`;
  return { ...database, superuserUrl };
}

interface Prepared {
  compose: Compose;
  folders: Folders;
}

function prepare(): Prepared {
  const folders = findFolders(process.env);
  return { folders, compose: readCompose(folders.checkout, process.env) };
}

async function prepareJava(): Promise<Prepared & { java: Java; jars: { kafka: string; plugins: string } }> {
  const { folders, compose } = prepare();
  const java = await findJava(process.env);
  const kafkaVersion = compose.variables['KAFKA_TAG'] ?? '';
  const fetching = fetchJars({ checkout: folders.checkout, cache: folders.cache, kafkaVersion, env: process.env });
  const jars = { kafka: await fetching.kafka, plugins: await fetching.plugins };
  return { folders, compose, java, jars };
}

async function run(
  name: string,
  folder: string,
  port: number,
  start: (host: ProcessHost) => Promise<RunningProcess>,
): Promise<StandAlone> {
  mkdirSync(folder, { recursive: true });
  const log = openProcessLog(folder, name);
  let pid: number | undefined;
  // Do not leave a process behind when a test throws.
  const killGroup = () => {
    if (pid !== undefined) process.kill(-pid, 'SIGKILL');
  };
  process.once('exit', killGroup);
  const forget = async () => {
    process.off('exit', killGroup);
    await log.close();
  };
  const running = await start({
    name,
    log,
    onProcess(started) {
      pid = started.pid;
      void started.ended.then(() => {
        if (pid === started.pid) pid = undefined;
      });
    },
  });
  return {
    port,
    pid: running.pid,
    async stop() {
      await running.stop();
      await forget();
    },
    async kill() {
      await running.kill();
      await forget();
    },
  };
}
