import type { TestContext } from 'node:test';
import { setImmediate as nextTurn } from 'node:timers/promises';

export interface FakeClock {
  /** Time that has passed, ms. */
  now(): number;
  /** Lets time pass, and everything happen that is due by then. */
  pass(ms: number): Promise<void>;
}

/** Replaces timers, Date and performance.now() until the test ends: a test of waits takes no time. */
export function startFakeClock(t: TestContext): FakeClock {
  t.mock.timers.enable({ apis: ['setTimeout', 'Date'] });
  t.mock.method(performance, 'now', () => Date.now());
  return {
    now: () => Date.now(),
    async pass(ms) {
      await nextTurn();
      for (let left = ms; left > 0; left--) {
        t.mock.timers.tick(1);
        await nextTurn();
      }
    },
  };
}
