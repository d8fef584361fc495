import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { SettingError } from '@shop/common';
import { parse } from 'dotenv';

const dotenvFile = fileURLToPath(new URL('../../../.env', import.meta.url));

export interface AddressOptions {
  portOffset: number;
  /** Kafka and ksqlDB are where config/*.config say. */
  cloud: boolean;
}

/**
 * The environment with the addresses that a fleet on this machine has, by `npm start` or docker compose alike: the ports
 * of .env, moved. Variables that are set already win.
 *
 * @throws SettingError when .env lacks a port
 */
export function readAddresses({ portOffset, cloud }: AddressOptions, env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const ports = { ...parse(readFileSync(dotenvFile)), ...env };
  const moved = (key: string): number => {
    const port = Number(ports[key]);
    if (!Number.isInteger(port) || port < 1 || port + portOffset > 65_535)
      throw new SettingError({
        file: '.env',
        key,
        found: ports[key],
        expected: 'a port, with --port-offset up to 65535',
      });
    return port + portOffset;
  };
  const local = {
    KAFKA_BOOTSTRAP_SERVERS: `127.0.0.1:${moved('KAFKA_LOCAL_PORT')}`,
    KAFKA_SECURITY_PROTOCOL: 'PLAINTEXT',
    KSQLDB_ENDPOINT: `http://127.0.0.1:${moved('KSQLDB_LOCAL_PORT')}`,
  };
  return {
    POSTGRES_HOST: '127.0.0.1',
    POSTGRES_PORT: String(moved('POSTGRES_LOCAL_PORT')),
    WEBSOCKET_URL: `http://127.0.0.1:${moved('PAGE_PORT')}`,
    ...(!cloud && local),
    ...env,
  };
}
