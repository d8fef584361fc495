/** When something that failed may be started again: at once, then ever later while it keeps failing. */
export interface RestartPace {
  /** Whether the time has come; notes the restart if so. */
  take(nowMs: number): boolean;
  /**
   * To be told whenever all seems to run. False for some seconds after a restart: a task says RUNNING before it has
   * reached its database.
   */
  runs(nowMs: number): boolean;
}

/**
 * @param firstMs between the first restart and the second; doubles with each
 * @param longestMs the most; having run that long since the last restart, it begins anew
 */
export function createRestartPace({ firstMs = 5_000, longestMs = 60_000, settleMs = 5_000 } = {}): RestartPace {
  let restarts = 0;
  let lastMs = Number.NEGATIVE_INFINITY;
  return {
    take(nowMs) {
      const pauseMs = restarts === 0 ? 0 : Math.min(firstMs * 2 ** (restarts - 1), longestMs);
      if (nowMs - lastMs < pauseMs) return false;
      restarts = Math.min(restarts + 1, 30);
      lastMs = nowMs;
      return true;
    },
    runs(nowMs) {
      if (nowMs - lastMs >= longestMs) restarts = 0;
      return nowMs - lastMs >= settleMs;
    },
  };
}
