import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { ShopError } from '@shop/common';
import type { Upgrades } from './upgrades.ts';

export interface Listening {
  address: string;
  port: number;
  close(): Promise<void>;
}

/**
 * Serves requests and WebSocket connections on one port.
 *
 * @param port 0 selects a free port
 * @throws ShopError `port_taken`
 */
export async function listen(
  host: string,
  port: number,
  answer: RequestListener,
  upgrades: Upgrades,
): Promise<Listening> {
  const server = createServer(answer);
  server.on('upgrade', upgrades.handle);
  await new Promise<void>((resolve, reject) => {
    server.once('error', (cause) => reject(explain(cause, host, port)));
    server.listen(port, host, resolve);
  });
  const found = server.address() as AddressInfo;
  return {
    address: found.address,
    port: found.port,
    async close() {
      const closed = new Promise((resolve) => server.close(resolve));
      await upgrades.close();
      server.closeAllConnections();
      await closed;
    },
  };
}

function explain(cause: Error, host: string, port: number): Error {
  if (!('code' in cause) || cause.code !== 'EADDRINUSE') return cause;
  return new ShopError(
    'port_taken',
    `port ${port} on ${host} is taken: stop the program that listens there, or set PORT`,
    {
      cause,
    },
  );
}
