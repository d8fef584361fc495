import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { createPatience } from './patience.ts';

const checkout = fileURLToPath(new URL('../..', import.meta.url));

/** Longest time without any output of a test run, ms on a quiet machine; a single test of a fleet takes a few minutes. */
const longestSilenceMs = 900_000;

/** Runs a command with our own output; resolves with its exit code, or 1 when a signal ended it. */
export function runCommand(
  command: string,
  args: readonly string[],
  env: Record<string, string> = {},
): Promise<number> {
  return whenEnded(spawn(command, args, { stdio: ['ignore', 'inherit', 'inherit'], env: { ...process.env, ...env } }));
}

/**
 * Runs Node's test runner. It is ended when it prints nothing for very long: a test that hangs, and no limit of its own. A
 * stage that goes on is never cut off, however long it takes.
 */
export async function runTestRunner(
  args: readonly string[],
  env: Readonly<Record<string, string | undefined>>,
  silenceMs = longestSilenceMs,
): Promise<number> {
  const colors: Record<string, string> = process.stdout.isTTY ? { FORCE_COLOR: '1' } : {};
  const child = spawn(process.execPath, args, {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, ...colors, ...env },
  });
  const patience = createPatience(silenceMs);
  child.stdout.on('data', (chunk: Buffer) => {
    patience.restart();
    process.stdout.write(chunk);
  });
  let hangs = false;
  const watching = setInterval(() => {
    if (hangs || !patience.isOver()) return;
    hangs = true;
    console.error('── no test has ended for very long: the run is stopped');
    child.kill('SIGTERM');
  }, 1_000);
  const code = await whenEnded(child);
  clearInterval(watching);
  return hangs ? 1 : code;
}

/** A child does not outlive this process. */
async function whenEnded(child: ChildProcess): Promise<number> {
  const end = () => child.kill('SIGTERM');
  process.once('exit', end);
  const [code] = await once(child, 'close');
  process.off('exit', end);
  return typeof code === 'number' ? code : 1;
}

/** Runs a program of node_modules/.bin. By its path, because npm's PATH is unusable in a folder with `:` in its name. */
export const runTool = (name: string, args: readonly string[]): Promise<number> =>
  runCommand(path.join(checkout, 'node_modules', '.bin', name), args);
