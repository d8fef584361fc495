import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { SettingError } from '@shop/common';
import { parse } from 'dotenv';
import { z } from 'zod';

const checkout = fileURLToPath(new URL('../../..', import.meta.url));
const dotenvFile = path.join(checkout, '.env');
const noted = z.object({ kafka: z.string(), ksqldb: z.string() });

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
    KSQLDB_ENDPOINT_FROM: `.env: KSQLDB_LOCAL_PORT, --port-offset ${portOffset}; set KSQLDB_ENDPOINT for another one`,
  };
  const given = cloud || env['KSQLDB_ENDPOINT'] ? undefined : readNoted(env, local.KAFKA_BOOTSTRAP_SERVERS);
  return {
    POSTGRES_HOST: '127.0.0.1',
    POSTGRES_PORT: String(moved('POSTGRES_LOCAL_PORT')),
    WEBSOCKET_URL: `http://127.0.0.1:${moved('PAGE_PORT')}`,
    ...(!cloud && { ...local, ...given }),
    ...env,
    ...(env['KSQLDB_ENDPOINT'] && { KSQLDB_ENDPOINT_FROM: '' }),
  };
}

/** The ksqlDB that `npm start` was given, if the last start on this data folder had the same Kafka. */
function readNoted(env: NodeJS.ProcessEnv, kafka: string): Record<string, string> | undefined {
  const shop = env['SHOP_DATA'] ? path.resolve(env['INIT_CWD'] ?? '.', env['SHOP_DATA']) : path.join(checkout, '.shop');
  const file = path.join(shop, 'addresses.json');
  if (!existsSync(file)) return undefined;
  const found = noted.safeParse(JSON.parse(readFileSync(file, 'utf8')));
  if (!found.success || !found.data.kafka.split(',').includes(kafka)) return undefined;
  return { KSQLDB_ENDPOINT: found.data.ksqldb, KSQLDB_ENDPOINT_FROM: `${file}, as npm start noted it` };
}
