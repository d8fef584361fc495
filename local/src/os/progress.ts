import { type ProcessIdentity, readGroupCpuMs } from './identity.ts';

/** CPU time that counts as progress, ms. An idle JVM needs a minute for it, a process among 100 busy ones 30 s. */
const workMs = 500;
/** Between two looks at the processes, ms. */
const lookEveryMs = 500;
/** Longest time that counts between two looks, ms: a suspended machine does not make its processes idle. */
const longestStepMs = 2_000;

export interface Progress {
  /** How long the process group has printed nothing and used hardly any CPU time, ms. Call it about every second. */
  quietMs(): number;
  /** CPU time used since the watch began, ms. */
  usedCpuMs(): number;
}

/**
 * Watches whether a process group does anything: it prints, or it uses CPU time. Neither depends on how fast the machine is.
 *
 * @param written how many characters it has printed
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
    // A group loses the time of a process that has ended.
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
