import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';

/** Identifies a process, even if a later one gets the same id. */
export interface ProcessIdentity {
  pid: number;
  /** When it started: clock ticks since a certain boot (Linux), or the time that `ps` prints. */
  began: string;
}

interface ProcessRow extends ProcessIdentity {
  group: number;
  /** CPU time of the process and its ended children, ms. */
  cpuMs: number;
}

/** Returns the identity of a running process; `undefined` when it has ended, also if it is still a zombie. */
export function identify(pid: number): ProcessIdentity | undefined {
  const row = process.platform === 'linux' ? readLinuxRow(pid) : readRows(['-p', String(pid)])[0];
  return row && { pid: row.pid, began: row.began };
}

/** Whether this process is still running. */
export function isRunning({ pid, began }: ProcessIdentity): boolean {
  return identify(pid)?.began === began;
}

/** The running processes of a process group. */
export function listGroup(group: number): number[] {
  return readGroup(group).map((row) => row.pid);
}

/** CPU time of a process group, ms. It can fall when a process ends. */
export function readGroupCpuMs(group: number): number {
  return readGroup(group).reduce((sum, { cpuMs }) => sum + cpuMs, 0);
}

function readGroup(group: number): ProcessRow[] {
  const rows =
    process.platform === 'linux'
      ? readdirSync('/proc')
          .filter((name) => /^\d+$/.test(name))
          .flatMap((name) => readLinuxRow(Number(name)) ?? [])
      : readRows(['-A']);
  return rows.filter((row) => row.group === group);
}

/** Linux reports CPU time in hundredths of a second, independent of the kernel's clock. */
const tickMs = 10;

const boot = (): string => readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim().slice(0, 8);

function readLinuxRow(pid: number): ProcessRow | undefined {
  let stat: string;
  try {
    stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  } catch {
    return undefined; // it has ended
  }
  // The second field is the program's name in brackets. The name may contain blanks and brackets.
  const [state, , group, ...rest] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const ticks = rest[16];
  if (state === 'Z' || state === 'X' || ticks === undefined) return undefined;
  const cpuTicks = rest.slice(8, 12).reduce((sum, text) => sum + Number(text), 0);
  return { pid, group: Number(group), began: `${boot()}+${ticks}`, cpuMs: cpuTicks * tickMs };
}

function readRows(selection: string[]): ProcessRow[] {
  let table: string;
  try {
    table = execFileSync('ps', ['-o', 'pid=,pgid=,stat=,time=,lstart=', ...selection], { encoding: 'utf8' });
  } catch {
    return []; // ps exits with 1 if it finds no process
  }
  return table.split('\n').flatMap((line) => {
    const [, pid, group, state, time, began] = /^\s*(\d+)\s+(\d+)\s+(\S+)\s+(\S+)\s+(.+?)\s*$/.exec(line) ?? [];
    if (began === undefined || time === undefined || state?.startsWith('Z')) return [];
    return [{ pid: Number(pid), group: Number(group), began, cpuMs: readCpuTime(time) }];
  });
}

/** Converts `1:02.30` (macOS) or `1-02:03:04` (days, hours, minutes, seconds) to ms. */
export function readCpuTime(text: string): number {
  const [days, clock] = text.includes('-') ? text.split('-') : ['0', text];
  const seconds = (clock ?? '').split(':').reduce((sum, part) => sum * 60 + Number(part), 0);
  return Math.round((Number(days) * 86_400 + seconds) * 1_000);
}
