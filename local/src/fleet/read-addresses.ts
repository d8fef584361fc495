import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { SettingError } from '@shop/common';
import { parse } from 'dotenv';
import { z } from 'zod';

const checkout = fileURLToPath(new URL('../../..', import.meta.url));
const dotenvFile = path.join(checkout, '.env');
const addressesFile = z.object({ kafka: z.string(), ksqldb: z.string() });

interface AddressOptions {
  portOffset: number;
  /** Kafka and ksqlDB are those of config/*.config. */
  cloud: boolean;
}

/**
 * Adds the addresses of a shop on this machine to the environment: the ports of .env plus the offset, both for `npm start` and
 * for docker compose. Variables that are already set take precedence.
 *
 * @throws SettingError when .env lacks a port
 */
export function readAddresses({ portOffset, cloud }: AddressOptions, env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const ports = { ...parse(readFileSync(dotenvFile)), ...env };
  const portOf = (key: string): number => {
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
    KAFKA_BOOTSTRAP_SERVERS: `127.0.0.1:${portOf('KAFKA_LOCAL_PORT')}`,
    KAFKA_SECURITY_PROTOCOL: 'PLAINTEXT',
    KSQLDB_ENDPOINT: `http://127.0.0.1:${portOf('KSQLDB_LOCAL_PORT')}`,
    KSQLDB_ENDPOINT_FROM: `.env: KSQLDB_LOCAL_PORT, --port-offset ${portOffset}; set KSQLDB_ENDPOINT for another one`,
  };
  const given = cloud || env['KSQLDB_ENDPOINT'] ? undefined : readAddressesFile(env, local.KAFKA_BOOTSTRAP_SERVERS);
  return {
    POSTGRES_HOST: '127.0.0.1',
    POSTGRES_PORT: String(portOf('POSTGRES_LOCAL_PORT')),
    WEBSOCKET_URL: `http://127.0.0.1:${portOf('PAGE_PORT')}`,
    ...(!cloud && { ...local, ...given }),
    ...env,
    ...(env['KSQLDB_ENDPOINT'] && { KSQLDB_ENDPOINT_FROM: '' }),
  };
}

/** The ksqlDB of the last `npm start` on this data folder, if it had the same Kafka. */
function readAddressesFile(env: NodeJS.ProcessEnv, kafka: string): Record<string, string> | undefined {
  const shop = env['SHOP_DATA'] ? path.resolve(env['INIT_CWD'] ?? '.', env['SHOP_DATA']) : path.join(checkout, '.shop');
  const file = path.join(shop, 'addresses.json');
  if (!existsSync(file)) return undefined;
  const found = addressesFile.safeParse(JSON.parse(readFileSync(file, 'utf8')));
  if (!found.success || !found.data.kafka.split(',').includes(kafka)) return undefined;
  return { KSQLDB_ENDPOINT: found.data.ksqldb, KSQLDB_ENDPOINT_FROM: `${file}, written by npm start` };
}
