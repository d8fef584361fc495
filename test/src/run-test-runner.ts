import { spawn } from 'node:child_process';
import { createPatience } from '@shop/test-support';
import { whenEnded } from './run-command.ts';

/** Longest time without any output of a test run, ms on a quiet machine; a single test of a fleet takes a few minutes. */
const longestSilenceMs = 900_000;

/**
 * Runs Node's test runner. Ends it when it prints nothing for very long, because a test without a time limit hangs then. A
 * stage that makes progress is never ended, however long it takes.
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
