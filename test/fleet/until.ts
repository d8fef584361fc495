import assert from 'node:assert/strict';
import { setTimeout as delay } from 'node:timers/promises';

/**
 * Asks until the answer is there. The deadline only ends a test that has failed: no verdict depends on how long it took.
 *
 * @param question what is waited for, for the message
 */
export async function until<T>(
  question: string,
  ask: () => Promise<T | undefined> | T | undefined,
  deadlineMs = 60_000,
): Promise<T> {
  const end = Date.now() + deadlineMs;
  for (;;) {
    const answer = await ask();
    if (answer !== undefined) return answer;
    if (Date.now() > end) assert.fail(`not within ${deadlineMs / 1_000} s: ${question}`);
    await delay(100);
  }
}
