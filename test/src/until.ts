import { describeError, pause } from '@shop/common';
import { createPatience } from './patience.ts';

export interface UntilOptions {
  /** Ends a test that has failed, and decides nothing else; ms on a quiet machine. */
  patienceMs?: number;
  signal?: AbortSignal;
}

const never = new AbortController().signal;

/**
 * Asks until the answer is there; an error counts as none.
 *
 * @param question what is waited for, for the message
 * @throws when patience is over, or the signal came
 */
export async function until<T>(
  question: string,
  ask: () => Promise<T | undefined | false> | T | undefined | false,
  { patienceMs = 120_000, signal = never }: UntilOptions = {},
): Promise<T> {
  const patience = createPatience(patienceMs);
  const began = Date.now();
  for (;;) {
    let reason = '';
    try {
      const answer = await ask();
      if (answer !== undefined && answer !== false) return answer;
    } catch (error) {
      reason = `: ${describeError(error)}`;
    }
    signal.throwIfAborted();
    if (patience.isOver()) {
      const seconds = Math.round((Date.now() - began) / 1_000);
      throw new Error(`waited ${seconds} s in vain for ${question}${reason}`);
    }
    await pause(100, signal);
  }
}
