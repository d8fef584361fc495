import { findService } from '../compose/read-compose.ts';
import type { WantedPort } from '../ports.ts';
import type { FleetContext } from './plan-fleet.ts';
import { brokerNames } from './process-names.ts';

/** The ports that these processes will listen on; only the first instance of a service has fixed ports. */
export function listPorts(
  names: readonly string[],
  { compose, options, addresses: { ports, brokers } }: Pick<FleetContext, 'compose' | 'options' | 'addresses'>,
): WantedPort[] {
  const main: Record<string, number> = {
    postgres_start: ports.postgres,
    connect: ports.connect,
    ksqldb: ports.ksqldb,
    websocket: ports.page,
  };
  const healthPort = (name: string): number | undefined => {
    const { environment } = findService(compose, name === 'ksqldb' ? 'ksqldb-embedded' : name);
    const port = Number(environment['HEALTH_PORT']);
    return port > 0 ? port + options.portOffset : undefined;
  };
  return names.flatMap((name) => {
    const broker = brokers[(brokerNames as readonly string[]).indexOf(name)];
    // A single broker takes any free port for its controller.
    if (broker !== undefined)
      return (brokers.length > 1 ? [broker, broker + 1] : [broker]).map((port) => ({ name, port }));
    return [main[name], healthPort(name)].flatMap((port) => (port === undefined ? [] : { name, port }));
  });
}
