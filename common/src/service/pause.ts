// As an object, so that tests can replace the clock.
import timers from 'node:timers/promises';

/** Waits. Returns false when the signal ended the wait early. */
export async function pause(ms: number, signal: AbortSignal): Promise<boolean> {
  try {
    await timers.setTimeout(ms, undefined, { signal });
    return true;
  } catch (error) {
    if (signal.aborted) return false;
    throw error;
  }
}
