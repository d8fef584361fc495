/** Decides when a failed connector may be restarted: at once, then with growing back-off. */
export interface RestartPace {
  /** Whether the connector may be restarted now; if so, counts the restart. */
  take(nowMs: number): boolean;
  /**
   * Call this when everything runs. False for some seconds after a restart: a task reports RUNNING before it has reached
   * its database.
   */
  runs(nowMs: number): boolean;
}

/**
 * @param firstMs between the first restart and the second; doubles with each
 * @param longestMs maximum; after running this long, the back-off starts over
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
