import type { CheckResult } from '../findings/check-result.ts';
import type { Check } from '../findings/promises.ts';

/** The promises that can be checked for a stopped shop, with only Kafka and Postgres. The others need ksqlDB or websocket. */
export const storedPromises: readonly Check[] = ['P1', 'P2', 'P3', 'P4'];

/**
 * 1: a promise is broken. 2: a required promise could not be checked.
 *
 * @param required the promises that must have been checked
 */
export function exitCodeOf(results: readonly CheckResult[], required: readonly Check[]): 0 | 1 | 2 {
  if (results.some(({ state }) => state === 'violated')) return 1;
  return results.some(({ check, state }) => state === 'unchecked' && required.includes(check)) ? 2 : 0;
}
