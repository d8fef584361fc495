import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync, readlinkSync } from 'node:fs';

/** The process or connection that occupies a port. */
export interface PortHolder {
  /** Such as `process 7 (nginx)`; absent if the process belongs to another user and is not visible. */
  process?: string;
  /** Whether the port is only the local end of an outgoing connection. */
  isOutgoing: boolean;
}

/** Finds the holder of a port on loopback; undefined if the system does not show it. */
export function findHolder(port: number): PortHolder | undefined {
  return process.platform === 'linux' ? findOnLinux(port) : findByLsof(port);
}

/** The first port that the system assigns to outgoing connections. */
export function firstEphemeralPort(): number {
  const [first] = readOrEmpty('/proc/sys/net/ipv4/ip_local_port_range').trim().split(/\s+/);
  // 49152 is the value on macOS and IANA's recommendation.
  return Number(first) || 49_152;
}

const listening = '0A';

function findOnLinux(port: number): PortHolder | undefined {
  const sockets = readSockets(port);
  const found = sockets.find(({ state }) => state === listening) ?? sockets[0];
  if (!found) return undefined;
  const pid = findOwner(`socket:[${found.inode}]`);
  return { isOutgoing: found.state !== listening, ...(pid !== undefined && { process: describeProcess(pid) }) };
}

/** Reads the sockets with this local port. */
function readSockets(port: number): { state: string; inode: string }[] {
  const hexPort = port.toString(16).toUpperCase().padStart(4, '0');
  return ['/proc/net/tcp', '/proc/net/tcp6'].flatMap((table) =>
    readOrEmpty(table)
      .split('\n')
      .flatMap((line) => {
        const [, local, , state, , , , , , inode] = line.trim().split(/\s+/);
        return local?.endsWith(`:${hexPort}`) && state && inode ? [{ state, inode }] : [];
      }),
  );
}

function findOwner(socket: string): number | undefined {
  const pid = namesIn('/proc')
    .filter((name) => /^\d+$/.test(name))
    .find((name) => listLinks(`/proc/${name}/fd`).includes(socket));
  return pid === undefined ? undefined : Number(pid);
}

/** Lists the open files of a process; empty for other users' processes, which only root can read. */
function listLinks(folder: string): string[] {
  return namesIn(folder).flatMap((name) => {
    try {
      return readlinkSync(`${folder}/${name}`);
    } catch {
      return []; // closed meanwhile
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

function findByLsof(port: number): PortHolder | undefined {
  try {
    // lsof prints one field per line: p7, cnginx, TST=LISTEN.
    const fields = execFileSync('lsof', ['-nP', '-FpcT', `-iTCP:${port}`], { encoding: 'utf8' }).split('\n');
    const value = (key: string) => fields.find((field) => field.startsWith(key))?.slice(key.length);
    return { process: `process ${value('p')} (${value('c')})`, isOutgoing: !fields.includes('TST=LISTEN') };
  } catch {
    return undefined; // no lsof, or it found nothing
  }
}

function describeProcess(pid: number): string {
  const command = readOrEmpty(`/proc/${pid}/cmdline`).split('\0').filter(Boolean).join(' ');
  const short = command.length > 100 ? `${command.slice(0, 100)}…` : command;
  return `process ${pid}${short && ` (${short})`}`;
}

function readOrEmpty(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}
