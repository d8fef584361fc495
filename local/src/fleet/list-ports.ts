import { findService } from '../compose/read-compose.ts';
import type { WantedPort } from '../ports.ts';
import type { FleetContext } from './plan-fleet.ts';

/** The ports that these parts will listen on; only the first instance of a service has ports of its own choice. */
export function listPorts(
  names: readonly string[],
  { compose, options, addresses: { ports } }: Pick<FleetContext, 'compose' | 'options' | 'addresses'>,
): WantedPort[] {
  const main: Record<string, number> = {
    postgres_start: ports.postgres,
    kafka: ports.kafka,
    connect: ports.connect,
    ksqldb: ports.ksqldb,
    websocket: ports.page,
  };
  const healthPort = (part: string): number | undefined => {
    const { environment } = findService(compose, part === 'ksqldb' ? 'ksqldb-embedded' : part);
    const port = Number(environment['HEALTH_PORT']);
    return port > 0 ? port + options.portOffset : undefined;
  };
  return names.flatMap((part) =>
    [main[part], healthPort(part)].flatMap((port) => (port === undefined ? [] : { part, port })),
  );
}
