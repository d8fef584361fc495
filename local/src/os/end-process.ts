import { setTimeout as delay } from 'node:timers/promises';
import { identify, isRunning, listGroup, type ProcessIdentity } from './identity.ts';
import { watchProgress } from './progress.ts';

/** How a process is asked to end. */
export interface Ending {
  signal: NodeJS.Signals;
  /** How long it may make no progress before it is killed, ms. */
  graceMs: number;
}

export interface EndingWatch {
  /** How many characters the process has printed. */
  written?(): number;
  /** Called every 15 s while the process still ends, with the seconds that it took so far. */
  onSlow?(seconds: number): void;
}

const tellEveryMs = 15_000;
/**
 * CPU time after which a process that was asked to end counts as stuck, ms. Kafka's stop takes about 3 s of it. A Connect worker was
 * seen to wait for itself for ever while Debezium went on printing.
 */
const longestWorkMs = 20_000;

/**
 * Ends a process that leads its own group, and whatever is left of the group.
 * The signal goes to the leader alone, which knows how to end its children; SIGKILL goes to all. While the group makes
 * progress it is waited for, however long that takes.
 *
 * @returns false when it had to be killed
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
  send(-leader.pid, 'SIGKILL');
  // The kernel ends a killed process as soon as it is scheduled; only one that hangs in the kernel stays.
  for (let looks = 0; listGroup(leader.pid).length > 0 && looks < 1_500; looks++) await delay(20);
}

/** A number cannot be given to a new process while its group lives, so a group whose leader has ended is still the old one. */
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
