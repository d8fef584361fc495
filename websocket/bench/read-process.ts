import { readFileSync } from 'node:fs';

/** CPU time spent so far and memory in use of a process; zeros where there is no /proc. */
export function readProcess(pid: number): { cpuS: number; rssMb: number } {
  try {
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? [];
    const ticks = Number(fields[11]) + Number(fields[12]);
    const [, kib] = /VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? [];
    return { cpuS: ticks / 100, rssMb: Number(kib) / 1_024 };
  } catch {
    return { cpuS: 0, rssMb: 0 }; // not Linux: the figures are left out
  }
}
