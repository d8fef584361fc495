import { connect } from 'node:net';

/**
 * The first `--port-offset` of a range, in steps of 500, for which nobody listens on any of these ports. Ranges end below
 * 32768: above, any connection that somebody opens may have the port.
 */
export async function findFreeOffset(
  ports: readonly number[],
  { from, to }: { from: number; to: number },
): Promise<number> {
  for (let offset = from; offset < to; offset += 500) {
    const taken = await Promise.all(ports.map((port) => isTaken(port + offset)));
    if (!taken.includes(true)) return offset;
  }
  throw new Error(`no free ports with an offset from ${from} to ${to}`);
}

const isTaken = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });
