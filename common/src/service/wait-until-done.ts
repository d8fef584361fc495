import pRetry from 'p-retry';
import { describeError, ShopError } from '../errors.ts';
import type { Logger } from '../logger.ts';
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
  firstDelayMs?: number;
  longestDelayMs?: number;
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
  { logger, report, signal }: Waiting,
  { canRetry = canHelp, firstDelayMs = 100, longestDelayMs = 3_000 }: WaitOptions = {},
): Promise<T> {
  const began = Date.now();
  let arrived: (() => void) | undefined;
  try {
    const result = await pRetry(attempt, {
      retries: Number.POSITIVE_INFINITY,
      minTimeout: firstDelayMs,
      maxTimeout: longestDelayMs,
      randomize: true,
      signal,
      shouldRetry: ({ error }) => canRetry(error),
      onFailedAttempt({ error }) {
        report.noteError(error);
        if (arrived || !canRetry(error) || signal.aborted) return;
        arrived = report.waitFor(dependency);
        logger.warn({ dependency, reason: describeError(error) }, 'waiting for a dependency');
      },
    });
    if (arrived) logger.info({ dependency, waited_ms: Date.now() - began }, 'the dependency is available');
    return result;
  } finally {
    arrived?.();
  }
}

const canHelp = (error: unknown) => !(error instanceof ShopError && !error.canRetry);
