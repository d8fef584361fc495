import { setTimeout as delay } from 'node:timers/promises';
import { createPatience } from '@shop/test-support';

/** Asks until the answer is yes. @throws when patience is over, ms on a quiet machine */
export async function waitFor(isSo: () => Promise<boolean> | boolean, patienceMs = 120_000): Promise<void> {
  for (const patience = createPatience(patienceMs); !(await isSo()); await delay(20))
    if (patience.isOver()) throw new Error('waited in vain for what the test expects');
}
