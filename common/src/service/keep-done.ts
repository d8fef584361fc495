import { runWithPauses } from './run-every.ts';
import type { ServiceContext } from './run-service.ts';
import { type WaitOptions, waitUntilDone } from './wait-until-done.ts';

export interface KeepOptions extends WaitOptions {
  /** Between two checks once everything is in place, ms. */
  intervalMs: number;
}

type Keeper = Pick<ServiceContext, 'logger' | 'report' | 'signal' | 'onClose' | 'fail'>;

/**
 * Puts something in place and keeps checking it until the service ends. `attempt` returns when everything is in place, and
 * throws otherwise. While the user must fix something, the state is `failed` and retries are slow.
 *
 * @param what as it is named in messages: `ksqlDB`
 * @returns when it is in place for the first time; rejects with the signal's reason when the service ends before
 */
export function keepDone(
  what: string,
  attempt: () => Promise<void>,
  context: Keeper,
  { intervalMs, refusedDelayMs = 30_000, ...options }: KeepOptions,
): Promise<void> {
  const { signal } = context;
  return new Promise((resolve, reject) => {
    if (signal.aborted) reject(signal.reason);
    signal.addEventListener('abort', () => reject(signal.reason), { once: true });
    async function check(): Promise<void> {
      await waitUntilDone(what, attempt, context, { refusedDelayMs, ...options });
      resolve();
    }
    runWithPauses(intervalMs, check, context);
  });
}
