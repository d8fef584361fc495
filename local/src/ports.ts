import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';

/** A port that a part is about to listen on. */
export interface WantedPort {
  part: string;
  port: number;
}

/**
 * Makes sure that every port is free on loopback.
 *
 * @throws one error that names each port that is taken, the process that has it, and how to move
 */
export async function checkPorts(wanted: readonly WantedPort[]): Promise<void> {
  const taken: WantedPort[] = [];
  for (const one of wanted) if (!(await isFree(one.port))) taken.push(one);
  if (taken.length > 0) throw new Error(describeTaken(taken, findHolder));
}

/** A port that is free at this moment. */
export function findFreePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject).listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => resolve(port));
    });
  });
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'EADDRINUSE') resolve(false);
      else reject(new Error(`port ${port} cannot be opened: ${error.message}`));
    });
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)));
  });
}

/** @param findHolder the process that listens on a port, as text, when that can be found out */
export function describeTaken(taken: readonly WantedPort[], findHolder: (port: number) => string | undefined): string {
  const lines = taken.map(
    ({ part, port }) => `port ${port}, which ${part} needs, is taken by ${findHolder(port) ?? 'another process'}`,
  );
  return `${lines.join('\n')}\nEnd it, or move the whole fleet: npm start -- --port-offset 10000`;
}

function findHolder(port: number): string | undefined {
  const pid = process.platform === 'linux' ? findLinuxListener(port) : findListenerByLsof(port);
  return pid === undefined ? undefined : `process ${pid}${describeCommand(pid)}`;
}

function findLinuxListener(port: number): number | undefined {
  const listening = '0A';
  const hexPort = port.toString(16).toUpperCase().padStart(4, '0');
  const inodes = new Set<string>();
  for (const table of ['/proc/net/tcp', '/proc/net/tcp6'])
    for (const line of readOrEmpty(table).split('\n')) {
      const [, local, , state, , , , , , inode] = line.trim().split(/\s+/);
      if (local?.endsWith(`:${hexPort}`) && state === listening && inode) inodes.add(`socket:[${inode}]`);
    }
  for (const name of readdirSync('/proc')) {
    if (!/^\d+$/.test(name)) continue;
    if (listLinks(`/proc/${name}/fd`).some((link) => inodes.has(link))) return Number(name);
  }
  return undefined;
}

/** What a process has open; nothing for the processes of other users, which only root may look at. */
function listLinks(folder: string): string[] {
  return namesIn(folder).flatMap((name) => {
    try {
      return readlinkSync(`${folder}/${name}`);
    } catch {
      return []; // closed in the meantime
    }
  });
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

function findListenerByLsof(port: number): number | undefined {
  try {
    const [pid] = execFileSync('lsof', ['-nP', '-t', `-iTCP:${port}`, '-sTCP:LISTEN'], { encoding: 'utf8' }).split(
      '\n',
    );
    return pid ? Number(pid) : undefined;
  } catch {
    return undefined; // no lsof, or nobody of ours listens
  }
}

function describeCommand(pid: number): string {
  if (process.platform !== 'linux') return '';
  const words = readOrEmpty(`/proc/${pid}/cmdline`).split('\0').filter(Boolean);
  const command = words.join(' ');
  return command ? ` (${command.length > 100 ? `${command.slice(0, 100)}…` : command})` : '';
}

function readOrEmpty(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}
