import { type ProcessIdentity, readGroupCpuMs } from './identity.ts';

/** CPU time that counts as progress, ms. An idle JVM uses it in a minute, a process among 100 busy ones in 30 s. */
const workMs = 500;
/** Minimum time between two measurements, ms. */
const lookEveryMs = 500;
/** Maximum time that counts between two measurements, ms, so that a suspended machine does not look idle. */
const longestStepMs = 2_000;

export interface Progress {
  /** How long the process group has made no progress, ms. Call it about every second. */
  quietMs(): number;
  /** CPU time used since the start of the watch, ms. */
  usedCpuMs(): number;
}

/**
 * Watches the progress of a process group: output or CPU time. Neither depends on the machine's speed.
 *
 * @param written returns the number of characters that it has printed
 */
export function watchProgress(
  leader: Pick<ProcessIdentity, 'pid'>,
  written: () => number,
  { readCpuMs = readGroupCpuMs, now = () => performance.now() } = {},
): Progress {
  const firstCpu = readCpuMs(leader.pid);
  let cpu = firstCpu;
  let markedCpu = firstCpu;
  let markedWritten = written();
  let lookedAt = now();
  let quiet = 0;

  function look(): void {
    const step = now() - lookedAt;
    if (step < lookEveryMs) return;
    lookedAt += step;
    cpu = readCpuMs(leader.pid);
    // The group's time falls when a process ends.
    markedCpu = Math.min(markedCpu, cpu);
    if (written() === markedWritten && cpu - markedCpu < workMs) {
      quiet += Math.min(step, longestStepMs);
      return;
    }
    quiet = 0;
    markedCpu = cpu;
    markedWritten = written();
  }

  return {
    quietMs() {
      look();
      return quiet;
    },
    usedCpuMs: () => Math.max(0, cpu - firstCpu),
  };
}
