import { readFileSync } from 'node:fs';

/** Reads the peak resident size of a process, MB; undefined when it has ended or the system has no /proc. */
export function readPeakMb(pid: number): number | undefined {
  try {
    const [, peakKb] = /^VmHWM:\s*(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? [];
    return peakKb === undefined ? undefined : Number(peakKb) / 1_024;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}
