import { setTimeout as delay } from 'node:timers/promises';

/** Asks until the answer is yes; the test's own time-out ends it when that never comes. */
export async function waitFor(isSo: () => Promise<boolean> | boolean): Promise<void> {
  while (!(await isSo())) await delay(20);
}
