import process from 'node:process';
import type { Command } from '../contracts/command.ts';

/** How long a service freezes by default, seconds. */
const freezeSeconds = 15;

/** What the answer to a fault says. */
export const describeFault = (command: Command): Record<string, unknown> =>
  command.command === 'freeze' ? { seconds: command.seconds ?? freezeSeconds } : {};

/** Injects the fault that a command asks for; does nothing for other commands. Called when the command is answered. */
export function injectFault(command: Command): void {
  // As kill -9 does: nothing is closed.
  if (command.command === 'crash') process.kill(process.pid, 'SIGKILL');
  if (command.command === 'freeze') blockFor((command.seconds ?? freezeSeconds) * 1_000);
}

/**
 * Blocks this process as SIGSTOP does: no timer, socket or signal is handled. SIGSTOP itself would need another process that
 * continues this one, and that process may be killed. This wait ends by itself.
 */
function blockFor(ms: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);
}
