import { setTimeout as delay } from 'node:timers/promises';

/** Waits for a fact. @throws when it has not come true in time */
export async function until(what: string, isTrue: () => unknown, limitMs = 30_000): Promise<void> {
  for (const end = Date.now() + limitMs; !(await isTrue()); await delay(20))
    if (Date.now() > end) throw new Error(`not within ${limitMs} ms: ${what}`);
}
