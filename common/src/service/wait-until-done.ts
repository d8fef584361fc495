import pRetry from 'p-retry';
import { describeError, ShopError } from '../errors.ts';
import type { Logger } from '../logger.ts';
import type { Report } from './report.ts';

export interface Waiting {
  logger: Logger;
  report: Report;
  /** Ends the waiting; the promise then rejects with the signal's reason. */
  signal: AbortSignal;
}

export interface WaitOptions {
  /** Whether trying again can help; by default everything that does not say `canRetry: false`. */
  canRetry?: (error: unknown) => boolean;
  firstDelayMs?: number;
  longestDelayMs?: number;
}

/**
 * Tries until it works, with back-off. Says so once when the dependency goes away and once when it is back.
 *
 * @param dependency as it is named in messages: `Kafka`, `ksqlDB`
 * @throws what the attempt threw, when trying again cannot help
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
