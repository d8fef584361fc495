/** The longest time that one look adds: a suspended process has not watched in between, ms. */
const longestGapMs = 15_000;

/** How long something has been seen, look by look, without a break. */
export interface SeenFor {
  /** Notes one more look. @returns ms since the first look of this row */
  look(now?: number): number;
}

export function createSeenFor(): SeenFor {
  let total = 0;
  let last: number | undefined;
  return {
    look(now = Date.now()) {
      total += last === undefined ? 0 : Math.min(Math.max(now - last, 0), longestGapMs);
      last = now;
      return total;
    },
  };
}

/** One `SeenFor` a name; a name that is not seen starts over. */
export function createSightings() {
  const seen = new Map<string, SeenFor>();
  return {
    /** @returns for how long this has been seen, ms; 0 when it is not there now */
    note(name: string, isThere: boolean, now?: number): number {
      if (!isThere) {
        seen.delete(name);
        return 0;
      }
      const known = seen.get(name) ?? createSeenFor();
      seen.set(name, known);
      return known.look(now);
    },
    clear: () => seen.clear(),
  };
}
