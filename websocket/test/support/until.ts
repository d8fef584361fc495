import { setTimeout as delay } from 'node:timers/promises';
import { createPatience } from '@shop/test-support';

/** Waits for a fact. @throws when patience is over, ms on a quiet machine */
export async function until(what: string, isTrue: () => unknown, patienceMs = 60_000): Promise<void> {
  for (const patience = createPatience(patienceMs); !(await isTrue()); await delay(20))
    if (patience.isOver()) throw new Error(`waited in vain for ${what}`);
}
