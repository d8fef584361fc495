import { type ExecFileOptions, execFile } from 'node:child_process';
import { promisify } from 'node:util';

const run = promisify(execFile);

/**
 * Runs `docker` with these words.
 *
 * @returns standard output
 * @throws with what it printed to standard error
 */
export async function docker(words: readonly string[], options: ExecFileOptions = {}): Promise<string> {
  const { stdout } = await run('docker', words, { maxBuffer: 256 * 1024 * 1024, ...options, encoding: 'utf8' });
  return stdout;
}

/** @throws in words for people when no engine answers, or one without Compose */
export async function requireEngine(): Promise<void> {
  try {
    await docker(['info']);
  } catch (cause) {
    throw new Error('no Docker engine answers here: start one, or leave test:compose out', { cause });
  }
  await docker(['compose', 'version']);
}
