export type Close = () => unknown;

/** Whatever was opened, to be closed in reverse. */
export interface Closers {
  /** Registers a closer as soon as its resource is open; runs it at once when all others have been closed already. */
  add(close: Close): void;
  /** Runs every closer, last one first, also when one of them fails; rethrows the first error. */
  closeAll(): Promise<void>;
}

export function createClosers(): Closers {
  const pending: Close[] = [];
  let closing: Promise<void> | undefined;

  async function runAll(): Promise<void> {
    const errors: unknown[] = [];
    for (let close = pending.pop(); close; close = pending.pop()) {
      try {
        await close();
      } catch (error) {
        errors.push(error);
      }
    }
    if (errors.length > 0) throw errors[0];
  }

  return {
    add(close) {
      pending.push(close);
      // A start that was still under way when the end came: what it opens late is closed after the rest.
      if (closing) closing = closing.finally(runAll);
    },
    async closeAll() {
      closing ??= runAll();
      for (let seen: unknown; seen !== closing; ) {
        seen = closing;
        await closing;
      }
    },
  };
}
