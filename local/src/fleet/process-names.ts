import type { Compose } from '../compose/read-compose.ts';

/** The processes that are not services of the shop, by their names for --only. */
export const foundations = ['postgres_start', 'kafka', 'connect', 'ksqldb'] as const;

/** The brokers. In --only, `kafka` means all of them. */
export const brokerNames = ['kafka', 'kafka-2', 'kafka-3'] as const;

/** The services of docker-compose.yml that `ksqldb` replaces here. */
const ksqldbInCompose = ['ksqldb', 'ksqldb-embedded'];

/** Lists the services of the shop in the order of docker-compose.yml: all that it builds, without the foundations. */
export function listServices(compose: Compose): string[] {
  const apart: readonly string[] = [...foundations, ...ksqldbInCompose];
  return [...compose.services.values()]
    .filter((service) => service.folder !== undefined && !apart.includes(service.name))
    .map((service) => service.name);
}
