import { randomInt } from 'node:crypto';
import { type AddressInfo, createServer } from 'node:net';
import { findHolder, firstEphemeralPort, type PortHolder } from './port-holder.ts';

/** A port that a process needs. */
export interface WantedPort {
  /** The process's name. */
  name: string;
  port: number;
}

/**
 * Checks that every port is free on loopback.
 *
 * @param offset the --port-offset that the ports include
 * @throws one error that names each port in use, its process, and an offset with which all ports are free
 */
export async function checkPorts(wanted: readonly WantedPort[], offset = 0): Promise<void> {
  const taken: WantedPort[] = [];
  for (const one of wanted) if (!(await isFree(one.port))) taken.push(one);
  if (taken.length === 0) return;
  const own = wanted.map(({ port }) => port - offset);
  const safe = await findFreeOffset(own, { from: 0, to: firstEphemeralPort() - Math.max(...own) }).catch(
    () => undefined,
  );
  throw new Error(describeTaken(taken, findHolder, safe));
}

/** The fleet and most other programs use lower ports. */
const firstRandomPort = 20_000;

/**
 * Finds a random free port. It is below the ports that the system assigns to outgoing connections and to port 0, so it
 * stays free until a program asks for this number.
 */
export async function findFreePort(): Promise<number> {
  const end = firstEphemeralPort();
  const first = end > firstRandomPort ? firstRandomPort : 1_024;
  // The system assigns all ports of the range.
  if (end <= first) return findGivenPort();
  for (;;) {
    const port = randomInt(first, end);
    if (await isFree(port)) return port;
  }
}

function findGivenPort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject).listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => resolve(port));
    });
  });
}

/**
 * Finds the first `--port-offset` of a range, in steps of 500, with which all of these ports are free. The range should
 * end below the ports that the system assigns to outgoing connections.
 *
 * @throws when there is none
 */
export async function findFreeOffset(
  ports: readonly number[],
  { from, to }: { from: number; to: number },
): Promise<number> {
  for (let offset = from; offset < to; offset += 500) {
    const free = await Promise.all(ports.map((port) => isFree(port + offset)));
    if (free.every(Boolean)) return offset;
  }
  throw new Error(`no free ports with an offset from ${from} to ${to}`);
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'EADDRINUSE') resolve(false);
      else reject(new Error(`cannot open port ${port}: ${error.message}`));
    });
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)));
  });
}

/**
 * Describes the ports in use.
 *
 * @param holderOf finds the holder of a port, if it is known
 * @param safeOffset an offset with which all ports are free, if there is one
 */
export function describeTaken(
  taken: readonly WantedPort[],
  holderOf: (port: number) => PortHolder | undefined,
  safeOffset: number | undefined,
): string {
  const lines = taken.map(({ name, port }) => describeOne(name, port, holderOf(port)));
  const move =
    safeOffset === undefined ? 'choose other ports with --port-offset' : `npm start -- --port-offset ${safeOffset}`;
  return `${lines.join('\n')}\nEnd it, or move the whole fleet: ${move}`;
}

function describeOne(name: string, port: number, holder: PortHolder | undefined): string {
  const owner = holder?.process ?? 'another process';
  if (!holder?.isOutgoing) return `port ${port}, which ${name} needs, is taken by ${owner}`;
  return (
    `port ${port}, which ${name} needs, is in use by an outgoing connection of ${owner}; ` +
    `the system assigns ports ${firstEphemeralPort()} and above to such connections`
  );
}
