import { setTimeout as delay } from 'node:timers/promises';
import { identify, isRunning, listGroup, type ProcessIdentity } from './identity.ts';
import { watchProgress } from './progress.ts';

/** How to end a process. */
export interface Ending {
  signal: NodeJS.Signals;
  /** Time without progress after which it is killed, ms. */
  graceMs: number;
}

export interface EndingWatch {
  /** The number of characters that the process has printed. */
  written?(): number;
  /** Called every 15 s until the process has ended, with the seconds so far. */
  onSlow?(seconds: number): void;
}

const tellEveryMs = 15_000;
/**
 * CPU time after which a process that should end counts as stuck, ms. Kafka needs about 3 s to stop. A Connect worker
 * can deadlock while Debezium keeps printing.
 */
const longestWorkMs = 20_000;

/**
 * Ends the leader of a process group, then kills the rest of the group. Signals only the leader, which knows how to end
 * its children. Waits as long as the group makes progress.
 *
 * @returns false when the leader had to be killed
 */
export async function endProcess(
  leader: ProcessIdentity,
  { signal, graceMs }: Ending,
  { written = () => 0, onSlow = () => {} }: EndingWatch = {},
): Promise<boolean> {
  const progress = watchProgress(leader, written);
  const began = performance.now();
  let told = began;
  if (isRunning(leader)) send(leader.pid, signal);
  let ended = true;
  while (isRunning(leader)) {
    if (progress.quietMs() > graceMs || progress.usedCpuMs() > longestWorkMs) {
      ended = false;
      break;
    }
    if (performance.now() - told > tellEveryMs) {
      told = performance.now();
      onSlow(Math.round((told - began) / 1_000));
    }
    await delay(20);
  }
  await killGroup(leader);
  return ended;
}

/** Kills a group and waits until it has ended. */
export async function killGroup(leader: ProcessIdentity): Promise<void> {
  if (!ownsGroup(leader)) return;
  signalGroup(leader, 'SIGKILL');
  // A killed process ends as soon as it is scheduled, unless it hangs in the kernel.
  for (let looks = 0; listGroup(leader.pid).length > 0 && looks < 1_500; looks++) await delay(20);
}

/** Sends a signal to every process of a group, if the group is still this leader's. */
export function signalGroup(leader: ProcessIdentity, signal: NodeJS.Signals): void {
  if (ownsGroup(leader)) send(-leader.pid, signal);
}

/** Whether the group is still this leader's. The system does not reuse the id of a group that has processes. */
function ownsGroup(leader: ProcessIdentity): boolean {
  const now = identify(leader.pid);
  return (now === undefined || now.began === leader.began) && listGroup(leader.pid).length > 0;
}

function send(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ESRCH')) throw error;
  }
}
