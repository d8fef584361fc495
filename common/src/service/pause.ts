import { setTimeout as delay } from 'node:timers/promises';

/** Waits. Returns false when the signal ended the wait early. */
export async function pause(ms: number, signal: AbortSignal): Promise<boolean> {
  try {
    await delay(ms, undefined, { signal });
    return true;
  } catch (error) {
    if (signal.aborted) return false;
    throw error;
  }
}
