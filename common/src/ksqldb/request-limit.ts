/** A limit may grow to so many times the first one. */
const mostTimes = 6;

/** Runs one request with the current limit. */
export type LimitRequest = <T>(request: (signal: AbortSignal) => Promise<T>) => Promise<T>;

/**
 * Limits requests in time. A server that works but is slow would never answer within a fixed limit, so the limit
 * doubles after each request that took too long; a quick answer resets it.
 *
 * @param firstMs limit of the first request
 */
export function createRequestLimit(firstMs: number): LimitRequest {
  let limitMs = firstMs;
  return async (request) => {
    const usedMs = limitMs;
    const signal = AbortSignal.timeout(usedMs);
    const began = performance.now();
    try {
      const answer = await request(signal);
      if (performance.now() - began < firstMs / 2) limitMs = firstMs;
      return answer;
    } catch (error) {
      if (!signal.aborted) throw error;
      // Of several requests at once each took this limit: together they double it once.
      limitMs = Math.max(limitMs, Math.min(usedMs * 2, firstMs * mostTimes));
      throw new Error(`no answer within ${usedMs / 1_000} s`);
    }
  };
}
