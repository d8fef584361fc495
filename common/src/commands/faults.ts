import process from 'node:process';
import type { Command } from '../contracts/command.ts';
import { loseKsqldb } from '../ksqldb/lost-ksqldb.ts';

/** How long a service freezes by default, seconds. */
const freezeSeconds = 15;

/** How long a service loses ksqlDB by default, seconds. */
const lossSeconds = 20;

export type Fault = Extract<Command, { command: 'crash' | 'freeze' | 'lose-ksqldb' }>;

export const isFault = (command: Command): command is Fault =>
  command.command === 'crash' || command.command === 'freeze' || command.command === 'lose-ksqldb';

/** What the answer to a fault says. */
export function describeFault(fault: Fault): Record<string, unknown> {
  return fault.command === 'crash' ? {} : { seconds: secondsOf(fault) };
}

/** How long a fault lasts, seconds. */
export const secondsOf = ({ command, seconds }: Exclude<Fault, { command: 'crash' }>) =>
  seconds ?? (command === 'freeze' ? freezeSeconds : lossSeconds);

/** Injects a fault into this process. Called when the command is answered. */
export function injectFault(fault: Fault): void {
  // As kill -9 does: nothing is closed.
  if (fault.command === 'crash') process.kill(process.pid, 'SIGKILL');
  else if (fault.command === 'freeze') blockFor(secondsOf(fault) * 1_000);
  else loseKsqldb(secondsOf(fault));
}

/**
 * Blocks this process as SIGSTOP does: no timer, socket or signal is handled. SIGSTOP itself would need another process that
 * continues this one, and that process may be killed. This wait ends by itself.
 */
function blockFor(ms: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);
}
