import type { Compose } from '../compose/read-compose.ts';
import { readPort } from '../compose/read-compose.ts';
import type { Options } from '../options.ts';

/** Ports of the processes on loopback, --port-offset included. */
interface Ports {
  page: number;
  kafka: number;
  postgres: number;
  connect: number;
  ksqldb: number;
}

export interface Addresses {
  ports: Ports;
  brokers: readonly number[];
  /** Ports of a cluster's controllers. A single broker uses any free port for its controller. */
  controllers: readonly number[];
  /** Port of /health of the first instance of each service, by the service's name in docker-compose.yml. */
  healthPorts: ReadonlyMap<string, number>;
  /** Address of a ksqlDB that the shop does not start: KSQLDB_ENDPOINT. */
  foreignKsqldb?: string;
  /**
   * Variables that point every service to these ports. They override config/*.config, except the settings of Kafka and
   * ksqlDB with --cloud.
   */
  environment: Record<string, string>;
}

export function findAddresses(
  compose: Compose,
  { portOffset, cloud, brokers: count }: Pick<Options, 'portOffset' | 'cloud' | 'brokers'>,
  env: NodeJS.ProcessEnv,
): Addresses {
  const moved = (key: string) => {
    const port = readPort(compose, key) + portOffset;
    if (port > 65_535)
      throw new Error(`--port-offset ${portOffset}: ${key} would be ${port}, and 65535 is the highest port`);
    return port;
  };
  const ports: Ports = {
    page: moved('PAGE_PORT'),
    kafka: moved('KAFKA_LOCAL_PORT'),
    postgres: moved('POSTGRES_LOCAL_PORT'),
    connect: moved('CONNECT_LOCAL_PORT'),
    ksqldb: moved('KSQLDB_LOCAL_PORT'),
  };
  const environment: Record<string, string> = {
    POSTGRES_HOST: '127.0.0.1',
    POSTGRES_PORT: String(ports.postgres),
    CONNECT_URL: `http://127.0.0.1:${ports.connect}`,
    WEBSOCKET_URL: `http://127.0.0.1:${ports.page}`,
  };
  const brokers = ['KAFKA_LOCAL_PORT', 'KAFKA_2_LOCAL_PORT', 'KAFKA_3_LOCAL_PORT'].slice(0, count).map(moved);
  const healthPorts = new Map(
    [...compose.services.values()].flatMap(({ name, environment: { HEALTH_PORT: port } }): [string, number][] =>
      Number(port) > 0 ? [[name, Number(port) + portOffset]] : [],
    ),
  );
  if (cloud) return { ports, brokers: [], controllers: [], healthPorts, environment };
  const foreignKsqldb = env['KSQLDB_ENDPOINT'];
  environment['KAFKA_BOOTSTRAP_SERVERS'] = brokers.map((port) => `127.0.0.1:${port}`).join(',');
  environment['KAFKA_SECURITY_PROTOCOL'] = 'PLAINTEXT';
  environment['KSQLDB_ENDPOINT'] = foreignKsqldb || `http://127.0.0.1:${ports.ksqldb}`;
  const controllers = count > 1 ? brokers.map((port) => port + 1) : [];
  return { ports, brokers, controllers, healthPorts, environment, ...(foreignKsqldb && { foreignKsqldb }) };
}
