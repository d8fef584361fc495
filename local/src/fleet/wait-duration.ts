import { pause } from '@shop/common';

/**
 * A shop that is not open yet has this long for it at the least, ms. Where its start took longer, it has as long again: a slow
 * machine is no reason to end a run with an error.
 */
const leastOpeningMs = 120_000;

export interface DurationPlan {
  /** Of --duration; endless when absent. */
  durationMs: number | undefined;
  /** How long the start took until every process was started, ms. */
  startMs: number;
  /** Resolves when every process is ready. */
  ready: Promise<unknown>;
  signal: AbortSignal;
  /** Called about every second. */
  onTick(): void;
  openingMs?: number;
}

/** Waits for the end of --duration, which counts from when the shop is open, or for the signal. */
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
