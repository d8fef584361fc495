import { pause } from '@shop/common';

/**
 * Minimum time for the shop to open after all processes were started, ms. If the start took longer, the shop gets as
 * much time as the start took, so that a run on a slow machine does not end with an error.
 */
const leastOpeningMs = 120_000;

export interface DurationPlan {
  /** The time of --duration; undefined for an endless run. */
  durationMs: number | undefined;
  /** How long it took to start every process, ms. */
  startMs: number;
  /** Resolves when every process is ready. */
  ready: Promise<unknown>;
  signal: AbortSignal;
  /** Called about every second. */
  onTick(): void;
  openingMs?: number;
}

/** Waits for the end of --duration, which starts when the shop is open, or for the signal. */
export async function waitDuration({
  durationMs,
  startMs,
  ready,
  signal,
  onTick,
  openingMs,
}: DurationPlan): Promise<void> {
  let until = Number.POSITIVE_INFINITY;
  if (durationMs !== undefined) {
    until = Date.now() + Math.max(openingMs ?? leastOpeningMs, startMs) + durationMs;
    void ready.then(() => {
      until = Math.min(until, Date.now() + durationMs);
    });
  }
  while (Date.now() < until) {
    if (!(await pause(Math.min(1_000, until - Date.now()), signal))) return;
    onTick();
  }
}
