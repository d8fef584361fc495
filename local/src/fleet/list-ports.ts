import { findService } from '../compose/read-compose.ts';
import type { WantedPort } from '../ports.ts';
import type { FleetContext } from './plan-fleet.ts';
import { brokerNames } from './process-names.ts';

/** The ports that these parts will listen on; only the first instance of a service has ports of its own choice. */
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
  const healthPort = (part: string): number | undefined => {
    const { environment } = findService(compose, part === 'ksqldb' ? 'ksqldb-embedded' : part);
    const port = Number(environment['HEALTH_PORT']);
    return port > 0 ? port + options.portOffset : undefined;
  };
  return names.flatMap((part) => {
    const broker = brokers[(brokerNames as readonly string[]).indexOf(part)];
    // A single broker takes any free port for its controller.
    if (broker !== undefined)
      return (brokers.length > 1 ? [broker, broker + 1] : [broker]).map((port) => ({ part, port }));
    return [main[part], healthPort(part)].flatMap((port) => (port === undefined ? [] : { part, port }));
  });
}
