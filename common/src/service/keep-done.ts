import { describeError, ShopError } from '../errors.ts';
import { pause } from './pause.ts';
import type { ServiceContext } from './run-service.ts';

export interface KeepOptions {
  /** Between two checks once everything is in place, ms. */
  intervalMs: number;
  /** Before the first retry, ms; doubles with every failure … */
  firstDelayMs?: number;
  /** … up to this. */
  longestDelayMs?: number;
  /** Between retries while the user must fix something (`canRetry: false`), ms. */
  refusedDelayMs?: number;
}

type Keeper = Pick<ServiceContext, 'logger' | 'report' | 'signal' | 'onClose' | 'fail'>;

/**
 * Puts something in place and keeps checking it until the service ends. `attempt` returns when everything is in place, and
 * throws otherwise. Only changes are logged. While the user must fix something, the state is `failed` and retries are slow.
 *
 * @param what as it is named in messages: `ksqlDB`
 * @returns when it is in place for the first time; rejects with the signal's reason when the service ends before
 */
export function keepDone(
  what: string,
  attempt: () => Promise<void>,
  context: Keeper,
  { intervalMs, firstDelayMs = 100, longestDelayMs = 3_000, refusedDelayMs = 30_000 }: KeepOptions,
): Promise<void> {
  const { signal } = context;
  const states = createStateLog(what, context);
  return new Promise((resolve, reject) => {
    const ended = keep();
    context.onClose(() => ended);
    ended.then(() => reject(signal.reason), context.fail);

    async function keep(): Promise<void> {
      let failures = 0;
      while (!signal.aborted) {
        let pauseMs = intervalMs;
        try {
          await attempt();
          if (signal.aborted) return;
          failures = 0;
          states.inPlace();
          resolve();
        } catch (error) {
          if (signal.aborted) return;
          // A different error is progress, so the back-off starts over.
          if (states.failed(error)) failures = 0;
          pauseMs = canHelp(error) ? Math.min(firstDelayMs * 2 ** failures, longestDelayMs) : refusedDelayMs;
          failures = Math.min(failures + 1, 30);
        }
        await pause(pauseMs, signal);
      }
    }
  });
}

const canHelp = (error: unknown) => !(error instanceof ShopError && !error.canRetry);

/** Reports each change of state once, to the log and to /health. */
function createStateLog(what: string, { logger, report }: Keeper) {
  let wasInPlace = false;
  let trouble: string | undefined;
  let began = Date.now();
  let arrived: (() => void) | undefined;
  return {
    inPlace(): void {
      if (trouble !== undefined) logger.info({ what, waited_ms: Date.now() - began }, 'in place');
      if (trouble !== undefined && wasInPlace) report.setState('ready');
      wasInPlace = true;
      trouble = undefined;
      arrived?.();
      arrived = undefined;
    },
    /** @returns whether the error differs from the one before */
    failed(error: unknown): boolean {
      const reason = describeError(error);
      const waiting = canHelp(error);
      report.noteError(error);
      arrived ??= report.waitFor(what);
      const now = waiting ? `waiting ${error instanceof ShopError ? error.code : ''}` : reason;
      if (now === trouble) return false;
      if (trouble === undefined) began = Date.now();
      trouble = now;
      report.setState(waiting ? (wasInPlace ? 'ready' : 'starting') : 'failed');
      if (waiting) logger.warn({ what, reason }, 'waiting');
      else logger.error({ what, reason }, 'this needs a fix, retrying slowly');
      return true;
    },
  };
}
