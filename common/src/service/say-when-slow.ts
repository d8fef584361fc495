import type { Waiting } from './wait-until-done.ts';

/**
 * Watches a client that retries silently. Logs once when it takes too long, and once when it is done.
 *
 * @param dependency as it is named in messages: `Kafka`
 */
export async function sayWhenSlow<T>(
  dependency: string,
  working: Promise<T>,
  { logger, report }: Omit<Waiting, 'signal'>,
  slowAfterMs = 3_000,
): Promise<T> {
  const began = Date.now();
  let arrived: (() => void) | undefined;
  const timer = setTimeout(() => {
    arrived = report.waitFor(dependency);
    logger.warn({ dependency, reason: `no answer for ${slowAfterMs} ms` }, 'waiting for a dependency');
  }, slowAfterMs);
  try {
    const result = await working;
    if (arrived) logger.info({ dependency, waited_ms: Date.now() - began }, 'the dependency is available');
    return result;
  } finally {
    clearTimeout(timer);
    arrived?.();
  }
}
