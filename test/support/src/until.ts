import { describeError, pause } from '@shop/common';
import { createPatience } from './patience.ts';

export interface UntilOptions {
  /** How long to wait before the test fails, ms on a quiet machine. */
  patienceMs?: number;
  signal?: AbortSignal;
}

type Falsy = undefined | null | false | 0 | '';

const never = new AbortController().signal;

/** Maximum pause between two questions, ms; the first pauses are shorter. */
const longestPauseMs = 100;

/**
 * Asks until the answer is truthy, and returns it. An error counts as no answer.
 *
 * @param question what the test waits for; part of the error message
 * @throws when the time limit is over, with the last error as its cause, or when the signal is aborted
 */
export async function until<T>(
  question: string,
  ask: () => Promise<T | Falsy> | T | Falsy,
  { patienceMs = 120_000, signal = never }: UntilOptions = {},
): Promise<T> {
  const patience = createPatience(patienceMs);
  const began = Date.now();
  for (;;) {
    let problem: { cause?: unknown } = {};
    try {
      const answer = await ask();
      if (answer) return answer;
    } catch (error) {
      problem = { cause: error };
    }
    signal.throwIfAborted();
    const waitedMs = Date.now() - began;
    if (patience.isOver()) {
      const reason = 'cause' in problem ? `: ${describeError(problem.cause)}` : '';
      throw new Error(`timed out after ${Math.round(waitedMs / 1_000)} s waiting for ${question}${reason}`, problem);
    }
    await pause(Math.min(Math.max(waitedMs / 10, 10), longestPauseMs), signal);
  }
}

/**
 * Repeats assertions until they pass, and returns what they return.
 *
 * @throws when the time limit is over, with the last failure as its cause
 */
export async function untilPasses<T>(
  question: string,
  attempt: () => Promise<T> | T,
  options: UntilOptions = {},
): Promise<T> {
  const { result } = await until(question, async () => ({ result: await attempt() }), options);
  return result;
}
