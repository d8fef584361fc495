import { pause } from './pause.ts';
import type { ServiceContext } from './run-service.ts';

type Running = Pick<ServiceContext, 'signal' | 'onClose' | 'fail'>;

/** Rounds that run at an interval. */
export interface Rounds {
  /** Changes the interval. It counts from now, also for the round that is waited for. */
  changeInterval(ms: number): void;
}

/**
 * Runs rounds one after the other until the service ends, the first one at once. The interval is from start to start; a
 * start that falls into a round still running is skipped and counted. The last round is finished before the end.
 *
 * @param round what it throws ends the service
 */
export function runEvery(
  firstIntervalMs: number,
  round: () => Promise<void>,
  context: Running & Pick<ServiceContext, 'report'>,
): Rounds {
  const { signal } = context;
  const countSkipped = context.report.counter('rounds_skipped', 'Rounds left out because the one before took too long');
  let intervalMs = firstIntervalMs;
  let began = performance.now();
  let turn = 0;
  let changed = new AbortController();

  function untilNext(): number {
    const next = Math.max(turn + 1, Math.ceil((performance.now() - began) / intervalMs));
    if (next > turn + 1) countSkipped(next - turn - 1);
    turn = next;
    return Math.max(0, began + turn * intervalMs - performance.now());
  }

  /** A change of the interval starts the pause over. */
  async function waitForNext(): Promise<boolean> {
    for (;;) {
      if (await pause(untilNext(), AbortSignal.any([signal, changed.signal]))) return true;
      if (signal.aborted) return false;
    }
  }

  runRounds(() => pause(0, signal), round, waitForNext, context);
  return {
    changeInterval(ms) {
      intervalMs = ms;
      began = performance.now();
      turn = 0;
      changed.abort();
      changed = new AbortController();
    },
  };
}

/** As `runEvery`, with a pause after each round, however long it took. */
export function runWithPauses(pauseMs: number, round: () => Promise<void>, context: Running, firstPauseMs = 0): void {
  const { signal } = context;
  runRounds(
    () => pause(firstPauseMs, signal),
    round,
    () => pause(pauseMs, signal),
    context,
  );
}

/**
 * @param waitForFirst returns false when the service ends
 * @param waitForNext called after each round; as `waitForFirst`
 */
function runRounds(
  waitForFirst: () => Promise<boolean>,
  round: () => Promise<void>,
  waitForNext: () => Promise<boolean>,
  { signal, onClose, fail }: Running,
): void {
  async function keepRunning(): Promise<void> {
    for (let goesOn = await waitForFirst(); goesOn; goesOn = await waitForNext()) {
      try {
        await round();
      } catch (error) {
        if (error === signal.reason && signal.aborted) return;
        if (signal.aborted) throw error;
        fail(error);
        return;
      }
    }
  }

  const ended = keepRunning();
  onClose(() => ended);
}
