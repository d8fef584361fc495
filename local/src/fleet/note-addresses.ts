import { writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Addresses } from './addresses.ts';
import type { Folders } from './folders.ts';

/** Writes the fleet's addresses to its data folder, so that `npm run audit` and `npm run shop` find this start's ksqlDB. */
export function noteAddresses({ shop }: Pick<Folders, 'shop'>, { environment }: Pick<Addresses, 'environment'>): void {
  const { KAFKA_BOOTSTRAP_SERVERS: kafka, KSQLDB_ENDPOINT: ksqldb } = environment;
  writeFileSync(path.join(shop, 'addresses.json'), `${JSON.stringify({ kafka, ksqldb })}\n`);
}
