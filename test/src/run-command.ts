import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const checkout = fileURLToPath(new URL('../..', import.meta.url));

/** Runs a command with our own output; resolves with its exit code, or 1 when a signal ended it. */
export function runCommand(
  command: string,
  args: readonly string[],
  env: Record<string, string> = {},
): Promise<number> {
  return whenEnded(spawn(command, args, { stdio: ['ignore', 'inherit', 'inherit'], env: { ...process.env, ...env } }));
}

/** Waits until a child has ended, and ends it with this process. Resolves with its exit code, or 1 when a signal ended it. */
export async function whenEnded(child: ChildProcess): Promise<number> {
  const end = () => child.kill('SIGTERM');
  process.once('exit', end);
  const [code] = await once(child, 'close');
  process.off('exit', end);
  return typeof code === 'number' ? code : 1;
}

/** Runs a program of node_modules/.bin. By its path, because npm's PATH is unusable in a folder with `:` in its name. */
export const runTool = (name: string, args: readonly string[]): Promise<number> =>
  runCommand(path.join(checkout, 'node_modules', '.bin', name), args);
