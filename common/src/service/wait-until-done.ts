import pRetry from 'p-retry';
import type { Logger } from '../logger.ts';
import { ShopError } from '../shop-error.ts';
import { createChangeLog, dependencyLines, stepLines } from './change-log.ts';
import { pause } from './pause.ts';
import type { Report } from './report.ts';

export interface Waiting {
  logger: Logger;
  report: Report;
  /** Ends the wait; the promise then rejects with the signal's reason. */
  signal: AbortSignal;
}

export interface WaitOptions {
  /** Whether a retry can help; by default unless the error has `canRetry: false`. */
  canRetry?: (error: unknown) => boolean;
  /** Before the first retry, ms; doubles with every failure … */
  firstDelayMs?: number;
  /** … up to this. */
  longestDelayMs?: number;
  /** How long an attempt may take until it counts as waiting, ms: for clients that retry silently. */
  slowAfterMs?: number;
  /**
   * Pause before a retry of an error that the user must fix, ms; meanwhile the state is `failed`. Without it, such an error is
   * thrown. With it, the log also shows each change of the reason.
   */
  refusedDelayMs?: number;
}

/**
 * Retries with back-off until it works. Logs once when the dependency becomes unavailable and once when it is available.
 *
 * @param dependency as it is named in messages: `Kafka`, `ksqlDB`
 * @throws the attempt's error when a retry cannot help
 */
export async function waitUntilDone<T>(
  dependency: string,
  attempt: () => Promise<T>,
  waiting: Waiting,
  options: WaitOptions = {},
): Promise<T> {
  const { report, signal } = waiting;
  const { canRetry = canHelp, firstDelayMs = 100, longestDelayMs = 3_000, slowAfterMs, refusedDelayMs } = options;
  const changes = createChangeLog(dependency, refusedDelayMs === undefined ? dependencyLines : stepLines, waiting);

  async function attemptOnce(): Promise<T> {
    const slow = () => changes.waits(new Error(`no answer for ${slowAfterMs} ms`));
    const timer = slowAfterMs === undefined ? undefined : setTimeout(slow, slowAfterMs);
    try {
      return await attempt();
    } finally {
      clearTimeout(timer);
    }
  }

  try {
    const result = await pRetry(attemptOnce, {
      retries: Number.POSITIVE_INFINITY,
      minTimeout: firstDelayMs,
      maxTimeout: longestDelayMs,
      randomize: true,
      signal,
      shouldRetry: ({ error }) => refusedDelayMs !== undefined || canRetry(error),
      async onFailedAttempt({ error }) {
        report.noteError(error);
        if (signal.aborted) return;
        if (canRetry(error)) changes.waits(error);
        else if (refusedDelayMs !== undefined) {
          changes.refused(error);
          await pause(refusedDelayMs, signal);
        }
      },
    });
    changes.done();
    return result;
  } finally {
    changes.end();
  }
}

const canHelp = (error: unknown) => !(error instanceof ShopError && !error.canRetry);
