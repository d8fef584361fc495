import { setTimeout as delay } from 'node:timers/promises';
import { identify, isRunning, listGroup, type ProcessIdentity } from './identity.ts';

/** How a part wants to be asked to end. */
export interface Ending {
  signal: NodeJS.Signals;
  /** How long it may take before it is killed. */
  graceMs: number;
}

/**
 * Ends a process that leads a group of its own, and whatever is left of the group.
 * The signal goes to the leader alone, which knows how to end its children; SIGKILL goes to all.
 *
 * @returns false when it had to be killed
 */
export async function endProcess(leader: ProcessIdentity, { signal, graceMs }: Ending): Promise<boolean> {
  if (isRunning(leader)) send(leader.pid, signal);
  const ended = await waitFor(() => !isRunning(leader), graceMs);
  await killGroup(leader);
  return ended;
}

/** Kills a group at once and waits until it is gone. */
export async function killGroup(leader: ProcessIdentity): Promise<void> {
  if (!ownsGroup(leader)) return;
  send(-leader.pid, 'SIGKILL');
  await waitFor(() => listGroup(leader.pid).length === 0, 5_000);
}

/** A number cannot be given to a new process while its group lives, so a group whose leader is gone is still the old one. */
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

async function waitFor(isTrue: () => boolean, timeoutMs: number): Promise<boolean> {
  const deadline = Date.now() + timeoutMs;
  while (!isTrue()) {
    if (Date.now() > deadline) return false;
    await delay(20);
  }
  return true;
}
