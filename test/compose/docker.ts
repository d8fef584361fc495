import { type ExecFileOptions, execFile } from 'node:child_process';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** A command and its first words. */
export type Program = readonly [string, ...string[]];

/**
 * Runs a program with more arguments.
 *
 * @returns standard output
 * @throws with its standard error
 */
export async function runProgram(
  [command, ...first]: Program,
  words: readonly string[],
  options: ExecFileOptions = {},
): Promise<string> {
  const all = [...first, ...words];
  const { stdout } = await run(command, all, { maxBuffer: 256 * 1024 * 1024, ...options, encoding: 'utf8' });
  return stdout;
}

/** {@link runProgram} for `docker`. */
export const docker = (words: readonly string[], options?: ExecFileOptions) => runProgram(['docker'], words, options);

/** @throws a readable error when no engine answers, or it lacks Compose */
export async function requireEngine(): Promise<void> {
  try {
    await docker(['info']);
  } catch (cause) {
    throw new Error('no Docker engine answers here: start one, or leave test:compose out', { cause });
  }
  await docker(['compose', 'version']);
}
