import { accessSync, constants, mkdirSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

/** The folders of one fleet. */
export interface Folders {
  /** The project's folder. */
  checkout: string;
  /** SHOP_DATA, or .shop in the checkout. */
  shop: string;
  log: string;
  run: string;
  kafka: string;
  /** A folder for each broker of a cluster. */
  kafkaCluster: string;
  connect: string;
  ksqldb: string;
  postgres: string;
  /** Jars and binaries, shared by all fleets of the checkout; --fresh keeps them. */
  cache: string;
  /** The file that stores the figures. */
  figures: string;
}

/** Creates the folders. @throws when SHOP_DATA is not writable */
export function findFolders(env: NodeJS.ProcessEnv): Folders {
  const checkout = fileURLToPath(new URL('../../..', import.meta.url)).replace(/\/$/, '');
  const own = path.join(checkout, '.shop');
  // npm changes to the checkout; INIT_CWD is the folder in which the user called it.
  const shop = env['SHOP_DATA'] ? path.resolve(env['INIT_CWD'] ?? '.', env['SHOP_DATA']) : own;
  const cache = path.join(isWritable(checkout) ? own : shop, 'cache');
  const inside = (name: string) => path.join(shop, name);
  const folders: Folders = {
    checkout,
    shop,
    log: inside('log'),
    run: inside('run'),
    kafka: inside('kafka'),
    kafkaCluster: inside('kafka-cluster'),
    connect: inside('connect'),
    ksqldb: inside('ksqldb'),
    postgres: inside('postgres'),
    cache,
    figures: inside('figures.json'),
  };
  for (const folder of [folders.shop, folders.log, folders.run, folders.cache]) mkdirSync(folder, { recursive: true });
  return folders;
}

function isWritable(folder: string): boolean {
  try {
    accessSync(folder, constants.W_OK);
    return true;
  } catch {
    return false;
  }
}
