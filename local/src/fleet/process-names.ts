import type { Compose } from '../compose/read-compose.ts';

/** The processes that are not services of the shop, by the names that --only takes. */
export const foundations = ['postgres_start', 'kafka', 'connect', 'ksqldb'] as const;

/** The brokers; `kafka` stands for all of them where users name processes. */
export const brokerNames = ['kafka', 'kafka-2', 'kafka-3'] as const;

/** Compose's names of what `ksqldb` stands for here. */
const ksqldbInCompose = ['ksqldb', 'ksqldb-embedded'];

/** The services of the shop, in the order of docker-compose.yml: all that it builds, without the foundations. */
export function listServices(compose: Compose): string[] {
  const apart: readonly string[] = [...foundations, ...ksqldbInCompose];
  return [...compose.services.values()]
    .filter((service) => service.folder !== undefined && !apart.includes(service.name))
    .map((service) => service.name);
}
