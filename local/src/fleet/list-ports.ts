import type { WantedPort } from '../ports.ts';
import type { Addresses } from './addresses.ts';
import { brokerNames } from './process-names.ts';

/** Lists the fixed ports of these processes. Only the first instance of a service has one. */
export function listPorts(
  names: readonly string[],
  { ports, brokers, controllers, healthPorts }: Addresses,
): WantedPort[] {
  const main: Record<string, number> = {
    postgres_start: ports.postgres,
    connect: ports.connect,
    ksqldb: ports.ksqldb,
    websocket: ports.page,
  };
  return names.flatMap((name) => {
    const index = (brokerNames as readonly string[]).indexOf(name);
    const health = healthPorts.get(name === 'ksqldb' ? 'ksqldb-embedded' : name);
    return [main[name], health, brokers[index], controllers[index]].flatMap((port) =>
      port === undefined ? [] : { name, port },
    );
  });
}
