import { pause } from './pause.ts';
import type { ServiceContext } from './run-service.ts';

/**
 * Runs rounds one after the other until the service ends, the first one at once. The interval is from start to start; a
 * start that falls into a round still running is skipped and counted. The last round is finished before the end.
 *
 * @param round what it throws ends the service
 */
export function runEvery(
  intervalMs: number,
  round: () => Promise<void>,
  { signal, report, onClose, fail }: Pick<ServiceContext, 'signal' | 'report' | 'onClose' | 'fail'>,
): void {
  const countSkipped = report.counter('rounds_skipped', 'Rounds left out because the one before took too long');
  const ended = keepRunning();
  onClose(() => ended);

  async function keepRunning(): Promise<void> {
    const began = performance.now();
    for (let turn = 0; !signal.aborted; ) {
      try {
        await round();
      } catch (error) {
        if (error === signal.reason && signal.aborted) return;
        if (signal.aborted) throw error;
        fail(error);
        return;
      }
      const next = Math.max(turn + 1, Math.ceil((performance.now() - began) / intervalMs));
      if (next > turn + 1) countSkipped(next - turn - 1);
      turn = next;
      await pause(Math.max(0, began + turn * intervalMs - performance.now()), signal);
    }
  }
}
