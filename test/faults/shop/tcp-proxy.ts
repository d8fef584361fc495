import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

export interface TcpProxy {
  port: number;
  /** Stops passing bytes in both directions, without closing connections. */
  silence(): void;
  /** Resets every connection, including new ones. */
  reset(): void;
  /** Passes bytes again. It resets silent connections, because their bytes were lost. */
  repair(): void;
  close(): Promise<void>;
}

/** Forwards bytes to a port on loopback. */
export async function startTcpProxy(target: () => number): Promise<TcpProxy> {
  let mode: 'pass' | 'silent' | 'reset' = 'pass';
  const open = new Set<Socket>();
  const server = createServer((client) => {
    const upstream = connect(target(), '127.0.0.1');
    for (const [from, to] of [
      [client, upstream],
      [upstream, client],
    ] as const) {
      open.add(from);
      from.setNoDelay(true);
      from.on('data', (bytes) => {
        if (mode !== 'pass' || to.destroyed) return;
        if (!to.write(bytes)) {
          from.pause();
          to.once('drain', () => from.resume());
        }
      });
      from.on('end', () => mode === 'pass' && to.end());
      from.on('error', () => to.destroy());
      from.on('close', () => {
        open.delete(from);
        if (mode === 'pass') to.destroy();
      });
    }
    if (mode === 'reset') client.resetAndDestroy();
  });
  const resetAll = () => {
    for (const socket of open) socket.resetAndDestroy();
  };
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    silence() {
      mode = 'silent';
    },
    reset() {
      mode = 'reset';
      resetAll();
    },
    repair() {
      mode = 'pass';
      resetAll();
    },
    async close() {
      resetAll();
      server.close();
      await once(server, 'close');
    },
  };
}
