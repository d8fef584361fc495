import { InvalidArgumentError } from 'commander';

/**
 * Aborts on SIGINT, SIGTERM and SIGHUP, so that a command ends what it started. A second signal ends the process at once.
 *
 * @param say receives a line for the user
 */
export function endOnSignals(say: (line: string) => void): AbortSignal {
  const ending = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
    process.on(signal, () => {
      if (ending.signal.aborted) process.exit(130);
      say(`ending the shop (${signal}); a second signal ends it at once`);
      ending.abort(new Error(`ended by ${signal}`));
    });
  return ending.signal;
}

/** Returns a function that prints a line with the time since the start. */
export function createSay(print: (line: string) => void): (line: string) => void {
  const began = Date.now();
  return (line) => print(`${((Date.now() - began) / 1_000).toFixed(1).padStart(7)} s  ${line}`);
}

/** Reads a flag's whole number. */
export const wholeNumber = (text: string): number => {
  if (!/^\d{1,9}$/.test(text)) throw new InvalidArgumentError('Expected a whole number.');
  return Number(text);
};

/** Reads a flag's names, separated by commas. */
export const listOf = (text: string): string[] => text.split(',').map((name) => name.trim());
