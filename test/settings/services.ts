import { createLogger, readServiceSettings, readTopics } from '@shop/common';
import { readAuditSettings } from '../../audit/src/settings.ts';
import { readRegistrarSettings } from '../../connect/src/settings.ts';
import { readApplierSettings } from '../../ksql/src/settings.ts';
import { readOrderSettings } from '../../order-service/src/settings.ts';
import { readRefillSettings } from '../../refill-inventory/src/settings.ts';
import { readShippingSettings } from '../../shipping-service/src/settings.ts';
import { readUpdaterSettings } from '../../updater/src/settings.ts';
import { readWebsocketSettings } from '../../websocket/src/settings.ts';

export { readWebsocketSettings };

type Read = (env: NodeJS.ProcessEnv) => unknown;

/** What every service reads. */
const shared: Read[] = [readServiceSettings, readTopics, (env) => createLogger('test', env)];

/** How each service of docker-compose.yml reads its environment. */
export const services: Readonly<Record<string, readonly Read[]>> = {
  connector: [readRegistrarSettings, ...shared],
  ksql: [readApplierSettings, ...shared],
  'ksqldb-embedded': shared,
  updater: [readUpdaterSettings, ...shared],
  'order-service': [readOrderSettings, ...shared],
  'shipping-service': [readShippingSettings, ...shared],
  'refill-inventory': [readRefillSettings, ...shared],
  websocket: [readWebsocketSettings, ...shared],
  audit: [readAuditSettings, ...shared],
};

/** The variables that a service looks at. */
export function listKeys(reads: readonly Read[]): string[] {
  const asked = new Set<string>();
  const env = new Proxy<NodeJS.ProcessEnv>(
    {},
    {
      get(_, key) {
        if (typeof key === 'string') asked.add(key);
        return undefined;
      },
    },
  );
  for (const read of reads) read(env);
  return [...asked].sort();
}

/** Reads all that a service reads. @throws SettingError */
export function readAll(reads: readonly Read[], env: NodeJS.ProcessEnv): void {
  for (const read of reads) read(env);
}
