import { pause } from './pause.ts';
import type { ServiceContext } from './run-service.ts';

type Running = Pick<ServiceContext, 'signal' | 'onClose' | 'fail'>;

/**
 * Runs rounds one after the other until the service ends, the first one at once. The interval is from start to start; a
 * start that falls into a round still running is skipped and counted. The last round is finished before the end.
 *
 * @param round what it throws ends the service
 */
export function runEvery(
  intervalMs: number,
  round: () => Promise<void>,
  context: Running & Pick<ServiceContext, 'report'>,
): void {
  const countSkipped = context.report.counter('rounds_skipped', 'Rounds left out because the one before took too long');
  const began = performance.now();
  let turn = 0;

  function untilNext(): number {
    const next = Math.max(turn + 1, Math.ceil((performance.now() - began) / intervalMs));
    if (next > turn + 1) countSkipped(next - turn - 1);
    turn = next;
    return Math.max(0, began + turn * intervalMs - performance.now());
  }

  runRounds(0, round, untilNext, context);
}

/** As `runEvery`, with a pause after each round, however long it took. */
export function runWithPauses(pauseMs: number, round: () => Promise<void>, context: Running, firstPauseMs = 0): void {
  runRounds(firstPauseMs, round, () => pauseMs, context);
}

/** @param untilNext called after each round: the pause before the next one, ms */
function runRounds(
  firstPauseMs: number,
  round: () => Promise<void>,
  untilNext: () => number,
  { signal, onClose, fail }: Running,
): void {
  async function keepRunning(): Promise<void> {
    for (let pauseMs = firstPauseMs; await pause(pauseMs, signal); pauseMs = untilNext()) {
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
