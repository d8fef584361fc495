import { setTimeout as delay } from 'node:timers/promises';

export type Close = () => unknown;

/** Closes resources in the reverse of the order in which they were opened. */
export interface Closers {
  /** Registers a closer as soon as its resource is open; runs it at once when all others have been closed already. */
  add(close: Close): void;
  /**
   * Runs every closer, last one first, also when one of them fails; rethrows the first error.
   *
   * @param withinMs for all of them. A closer gets half of the time that is left, and is then abandoned: one whose peer is
   *   unavailable must not use up the time of the others.
   */
  closeAll(withinMs?: number): Promise<void>;
}

/** @param onLate called with the time in ms that an abandoned closer had */
export function createClosers(onLate: (hadMs: number) => void = () => {}): Closers {
  const pending: Close[] = [];
  let closing: Promise<void> | undefined;
  let deadline = Number.POSITIVE_INFINITY;

  async function run(close: Close): Promise<void> {
    if (deadline === Number.POSITIVE_INFINITY) return void (await close());
    const hadMs = Math.max(0, (deadline - performance.now()) / 2);
    const ended = new AbortController();
    const late = delay(hadMs, 'late', { signal: ended.signal }).catch(() => 'ended');
    try {
      if ((await Promise.race([Promise.resolve(close()).then(() => 'closed'), late])) === 'late') onLate(hadMs);
    } finally {
      ended.abort();
    }
  }

  async function runAll(): Promise<void> {
    const errors: unknown[] = [];
    for (let close = pending.pop(); close; close = pending.pop()) {
      try {
        await run(close);
      } catch (error) {
        errors.push(error);
      }
    }
    if (errors.length > 0) throw errors[0];
  }

  return {
    add(close) {
      pending.push(close);
      // The service ended while it was starting: what the start opens late is closed after the rest.
      if (closing) closing = closing.finally(runAll);
    },
    async closeAll(withinMs) {
      if (withinMs !== undefined) deadline = Math.min(deadline, performance.now() + withinMs);
      closing ??= runAll();
      for (let seen: unknown; seen !== closing; ) {
        seen = closing;
        await closing;
      }
    },
  };
}
