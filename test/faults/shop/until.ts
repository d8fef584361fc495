import { describeError, pause } from '@shop/common';

/**
 * Asks until the answer is there; an error counts as none.
 *
 * @param question what is waited for, for the message
 * @throws when it did not come in time, or the signal came
 */
export async function until<T>(
  question: string,
  ask: () => Promise<T | undefined | false> | T | undefined | false,
  { deadlineMs, signal }: { deadlineMs: number; signal: AbortSignal },
): Promise<T> {
  const end = Date.now() + deadlineMs;
  let reason = '';
  for (;;) {
    try {
      const answer = await ask();
      if (answer !== undefined && answer !== false) return answer;
      reason = '';
    } catch (error) {
      reason = `: ${describeError(error)}`;
    }
    signal.throwIfAborted();
    if (Date.now() > end) throw new Error(`not within ${deadlineMs / 1_000} s: ${question}${reason}`);
    await pause(100, signal);
  }
}
