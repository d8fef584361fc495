import pRetry from 'p-retry';
import { watchProgress } from '../os/progress.ts';
import type { RunningProcess } from '../os/start-process.ts';
import type { ProcessHost } from './process-host.ts';

/** A process failed to start. The message ends with its last lines. */
export class ProcessError extends Error {
  readonly exitCode: number | undefined;
  /** The message without these lines. */
  readonly problem: string;
  readonly lines: readonly string[];

  constructor({ name, log }: ProcessHost, problem: string, exitCode?: number) {
    const lines = log.lastLines(12);
    super([`${name} ${problem}; ${log.file} ends with:`, ...lines].join('\n    '));
    this.problem = `${name} ${problem}`;
    this.lines = lines;
    this.exitCode = exitCode;
  }
}

/** Maximum time without progress while a process starts, ms. */
const longestQuietMs = 120_000;
const tellEveryMs = 15_000;

export interface UpCheck {
  /** Resolves when the process is up. The signal is aborted when the process ends. */
  check(signal: AbortSignal): Promise<unknown>;
  quietMs?: number;
  tellEveryMs?: number;
}

/**
 * Waits until `check` resolves, as long as the process makes progress. Reports every 15 s why it still waits.
 *
 * @throws ProcessError when the process ends first, or was killed because it made no progress for two minutes
 */
export async function waitUntilUp(
  host: ProcessHost,
  running: RunningProcess,
  { check, quietMs = longestQuietMs, tellEveryMs: everyMs = tellEveryMs }: UpCheck,
): Promise<void> {
  const progress = watchProgress(running, host.log.written);
  const began = performance.now();
  let told = began;
  const over = new AbortController();
  void running.ended.then(({ text, code }) => over.abort(new ProcessError(host, `ended with ${text}`, code)));
  let stalled = false;
  await pRetry(() => check(over.signal), {
    retries: Number.POSITIVE_INFINITY,
    minTimeout: 30,
    factor: 1.3,
    maxTimeout: 250,
    signal: over.signal,
    onFailedAttempt({ error }) {
      stalled = progress.quietMs() > quietMs;
      if (stalled || over.signal.aborted || performance.now() - told < everyMs) return;
      told = performance.now();
      host.say?.(`${host.name} is not up after ${Math.round((told - began) / 1_000)} s: ${error.message}`);
    },
    shouldRetry: () => !stalled,
  }).catch(async (error: Error) => {
    if (over.signal.aborted) throw over.signal.reason;
    // Build the message before the kill, so that it does not describe the kill's exit.
    const problem = stalled
      ? `made no progress for ${quietMs / 1_000} s and was killed (${error.message})`
      : error.message;
    await running.kill();
    throw new ProcessError(host, problem);
  });
}

/** Waits for a preparing program: initdb, or the formatting of Kafka's storage. @throws ProcessError if it fails */
export async function requireSuccess(host: ProcessHost, running: RunningProcess, problem: string): Promise<void> {
  const { code, text } = await running.ended;
  if (code !== 0) throw new ProcessError(host, `${problem} (${text})`, code);
}
