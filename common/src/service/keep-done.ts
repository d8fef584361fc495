import { describeError, ShopError } from '../errors.ts';
import { pause } from './pause.ts';
import type { ServiceContext } from './run-service.ts';

export interface KeepOptions {
  /** Between two checks of what stands, in ms. */
  intervalMs: number;
  /** Before the first new try after a failure that waiting can mend, in ms; doubles with every failure … */
  firstDelayMs?: number;
  /** … up to this. */
  longestDelayMs?: number;
  /** Between tries while something needs a person (`canRetry: false`), in ms. */
  refusedDelayMs?: number;
}

type Keeper = Pick<ServiceContext, 'logger' | 'report' | 'signal' | 'onClose' | 'fail'>;

/**
 * Brings something about and keeps checking that it still stands, until the service ends: `attempt` returns when all is
 * as it should be, and throws what is in the way. Only changes are logged. While something needs a person, the state is
 * `failed` and the tries are slow; the service goes on, because the mend may come from outside.
 *
 * @param what as it is named in messages: `ksqlDB`
 * @returns when it stands for the first time; rejects with the signal's reason when the end comes before
 */
export function keepDone(
  what: string,
  attempt: () => Promise<void>,
  context: Keeper,
  { intervalMs, firstDelayMs = 100, longestDelayMs = 3_000, refusedDelayMs = 30_000 }: KeepOptions,
): Promise<void> {
  const { signal } = context;
  const story = createStory(what, context);
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
          story.stands();
          resolve();
        } catch (error) {
          if (signal.aborted) return;
          // Another trouble than before is a step forward: the delays begin anew.
          if (story.fails(error)) failures = 0;
          pauseMs = canHelp(error) ? Math.min(firstDelayMs * 2 ** failures, longestDelayMs) : refusedDelayMs;
          failures = Math.min(failures + 1, 30);
        }
        await pause(pauseMs, signal);
      }
    }
  });
}

const canHelp = (error: unknown) => !(error instanceof ShopError && !error.canRetry);

/** Tells log and report what changed, and nothing twice. */
function createStory(what: string, { logger, report }: Keeper) {
  let stood = false;
  let trouble: string | undefined;
  let began = Date.now();
  let arrived: (() => void) | undefined;
  return {
    stands(): void {
      if (trouble !== undefined) logger.info({ what, waited_ms: Date.now() - began }, 'in place');
      if (trouble !== undefined && stood) report.setState('ready');
      stood = true;
      trouble = undefined;
      arrived?.();
      arrived = undefined;
    },
    /** @returns whether this is another trouble than before */
    fails(error: unknown): boolean {
      const reason = describeError(error);
      const waiting = canHelp(error);
      report.noteError(error);
      arrived ??= report.waitFor(what);
      const now = waiting ? `waiting ${error instanceof ShopError ? error.code : ''}` : reason;
      if (now === trouble) return false;
      if (trouble === undefined) began = Date.now();
      trouble = now;
      report.setState(waiting ? (stood ? 'ready' : 'starting') : 'failed');
      if (waiting) logger.warn({ what, reason }, 'waiting');
      else logger.error({ what, reason }, 'this needs a fix, retrying slowly');
      return true;
    },
  };
}
