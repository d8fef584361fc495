import path from 'node:path';
import { readKafkaSettings, readPostgresSettings } from '@shop/common';
import { type Compose, findService } from '../compose/read-compose.ts';
import { fetchJars, type Jars } from '../java/fetch-jars.ts';
import { findJava, type Java } from '../java/find-java.ts';
import type { Options } from '../options.ts';
import { findFreePort } from '../ports.ts';
import { findPostgresHome } from '../postgres/find-home.ts';
import { startPostgres } from '../postgres/start-postgres.ts';
import { startConnect } from '../processes/start-connect.ts';
import { startKafka } from '../processes/start-kafka.ts';
import { startKsqldb } from '../processes/start-ksqldb.ts';
import type { Addresses } from './addresses.ts';
import type { Folders } from './folders.ts';
import { planService } from './plan-services.ts';
import { brokerNames, foundations, listServices } from './process-names.ts';
import type { ProcessPlan } from './supervise.ts';

export interface FleetContext {
  compose: Compose;
  options: Options;
  folders: Folders;
  addresses: Addresses;
  env: NodeJS.ProcessEnv;
  say(text: string): void;
  /** Shows progress in a line that the next call replaces. */
  show(text: string): void;
  /** The running downloads. They also settle when the shutdown begins. */
  downloads: Promise<unknown>[];
}

/** Returns the names of the processes that this fleet starts. */
export function chooseProcesses({ compose, options, addresses }: FleetContext): string[] {
  const all: string[] = [...foundations, ...listServices(compose)];
  return all.flatMap((name) => {
    if (options.only && !options.only.includes(name)) return [];
    if (options.without.includes(name)) return [];
    if (name === 'kafka') return brokerNames.slice(0, addresses.brokers.length);
    if (name === 'ksqldb' && (options.cloud || addresses.foreignKsqldb !== undefined)) return [];
    return [name];
  });
}

/** Plans the chosen processes and starts their downloads. @throws when Java or a setting is missing */
export async function planFleet(
  names: readonly string[],
  context: FleetContext,
  signal: AbortSignal,
): Promise<ProcessPlan[]> {
  const { compose, folders, env, say, show } = context;
  const needsJava = names.includes('kafka') || names.includes('connect');
  const kafkaVersion = compose.variables['KAFKA_TAG'] ?? '';
  const java = needsJava ? await findJava(env) : { command: '', release: 0, build: '' };
  const jars: Jars = needsJava
    ? fetchJars({
        checkout: folders.checkout,
        cache: folders.cache,
        kafkaVersion,
        env,
        signal,
        say,
        show,
      })
    : { kafka: Promise.resolve(''), plugins: Promise.resolve('') };
  context.downloads.push(jars.kafka, jars.plugins);

  const plans: ProcessPlan[] = [];
  for (const name of names) {
    if (name === 'postgres_start') plans.push(planPostgres(context));
    else if (isBroker(name)) plans.push(planKafka(name, context, java, jars));
    else if (name === 'connect') plans.push(planConnect(context, java, jars));
    else if (name === 'ksqldb') plans.push(await planKsqldb(context));
    else plans.push(...(await planService(name, context)));
  }
  return plans;
}

function planPostgres({ compose, folders, addresses, env, say }: FleetContext): ProcessPlan {
  const home = findPostgresHome(folders.postgres, folders.cache);
  if (home.folder !== folders.postgres)
    say(
      `postgres_start runs as ${home.account?.name}, with its data in ${home.folder}; --clean removes it once this checkout is deleted`,
    );
  return {
    name: 'postgres_start',
    needs: [],
    stopStage: 4,
    start: (host) =>
      startPostgres({
        home,
        port: addresses.ports.postgres,
        options: findService(compose, 'postgres_start').command.slice(1),
        sqlFolder: path.join(folders.checkout, 'postgres_start', 'sql'),
        settings: readPostgresSettings({ ...env, ...addresses.environment }),
        host,
      }),
  };
}

type BrokerName = (typeof brokerNames)[number];
const isBroker = (name: string): name is BrokerName => brokerNames.some((each) => each === name);

function planKafka(
  name: BrokerName,
  { compose, folders, addresses }: FleetContext,
  java: Java,
  jars: Jars,
): ProcessPlan {
  const number = 1 + brokerNames.indexOf(name);
  const { brokers, controllers } = addresses;
  const isCluster = brokers.length > 1;
  const port = brokers[number - 1] ?? addresses.ports.kafka;
  return {
    name,
    needs: [],
    stopStage: 3,
    start: async (host) =>
      startKafka({
        java,
        jars: await jars.kafka,
        folder: isCluster ? path.join(folders.kafkaCluster, String(number)) : folders.kafka,
        port,
        environment: findService(compose, isCluster ? `kafka-${number}` : 'kafka').environment,
        ...(isCluster && { cluster: { number, controllers } }),
        host,
      }),
  };
}

function planConnect({ compose, folders, addresses, env }: FleetContext, java: Java, jars: Jars): ProcessPlan {
  const surroundings = { ...env, ...addresses.environment };
  return {
    name: 'connect',
    needs: [...brokerNames, 'postgres_start'],
    stopStage: 2,
    start: async (host) =>
      startConnect({
        java,
        jars: await jars.kafka,
        plugins: await jars.plugins,
        folder: folders.connect,
        port: addresses.ports.connect,
        environment: findService(compose, 'connect').environment,
        kafka: readKafkaSettings(surroundings),
        postgres: readPostgresSettings(surroundings),
        host,
      }),
  };
}

async function planKsqldb({ compose, folders, addresses, env }: FleetContext): Promise<ProcessPlan> {
  const service = findService(compose, 'ksqldb-embedded');
  const healthPort = addresses.healthPorts.get(service.name) ?? (await findFreePort());
  return {
    name: 'ksqldb',
    // The embedded ksqlDB waits for Kafka itself and loads its parser meanwhile.
    needs: [],
    stopStage: 2,
    healthPort,
    start: (host) =>
      startKsqldb({
        folder: path.join(folders.checkout, service.folder ?? 'ksql/embedded'),
        kafka: addresses.environment['KAFKA_BOOTSTRAP_SERVERS'] ?? '',
        port: addresses.ports.ksqldb,
        env: { ...env, ...service.environment, ...addresses.environment, HEALTH_PORT: String(healthPort) },
        host,
      }),
  };
}
