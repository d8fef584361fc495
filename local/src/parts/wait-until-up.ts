import { connect } from 'node:net';
import pRetry, { AbortError } from 'p-retry';
import type { RunningProcess } from '../process/start-process.ts';
import type { PartHost } from './part.ts';

/** A part that did not come up; the message ends with the last lines that it printed. */
export class PartError extends Error {
  readonly exitCode: number | undefined;

  constructor({ name, log }: PartHost, problem: string, exitCode?: number) {
    const lines = log.lastLines(12).map((line) => `    ${line}`);
    super(`${name} ${problem}; ${log.file} ends with:\n${lines.join('\n')}`);
    this.exitCode = exitCode;
  }
}

/**
 * Waits until `check` resolves.
 *
 * @throws PartError when the process ends first or the time is over; the process has then been killed
 */
export async function waitUntilUp(
  host: PartHost,
  running: RunningProcess,
  { check, timeoutMs }: { check: () => Promise<unknown>; timeoutMs: number },
): Promise<void> {
  let end: Awaited<RunningProcess['ended']> | undefined;
  void running.ended.then((how) => {
    end = how;
  });
  try {
    await pRetry(
      async () => {
        if (end) throw new AbortError(`ended with ${end.text}`);
        await check();
      },
      { retries: Number.POSITIVE_INFINITY, minTimeout: 30, factor: 1.3, maxTimeout: 250, maxRetryTime: timeoutMs },
    );
  } catch (error) {
    await running.kill();
    const last = error instanceof Error ? error.message : String(error);
    const problem = end ? `ended with ${end.text}` : `was not up after ${timeoutMs / 1_000} s (${last})`;
    throw new PartError(host, problem, end?.code);
  }
}

/** Resolves when a connection to a loopback port is accepted. */
export function canConnect(port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1');
    socket.once('error', reject).once('connect', () => {
      socket.destroy();
      resolve();
    });
  });
}
