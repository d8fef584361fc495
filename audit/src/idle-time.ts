/** Measures for how long a count has not changed, in observed time. */
export function createIdleTime() {
  let known: number | undefined;
  let since = 0;
  return {
    /** @returns observed time since the count changed, ms */
    note(count: number, observedMs: number): number {
      if (count !== known) since = observedMs;
      known = count;
      return observedMs - since;
    },
  };
}
