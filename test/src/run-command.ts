import { spawn } from 'node:child_process';
import { once } from 'node:events';

/** Runs a command with our own output; gives its exit code, or 1 when a signal ended it. */
export async function runCommand(
  command: string,
  args: readonly string[],
  env: Record<string, string> = {},
): Promise<number> {
  const child = spawn(command, args, { stdio: ['ignore', 'inherit', 'inherit'], env: { ...process.env, ...env } });
  const [code] = await once(child, 'close');
  return typeof code === 'number' ? code : 1;
}
