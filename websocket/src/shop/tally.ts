/** Names beyond this many are counted together, so that invalid messages cannot fill the memory. */
const mostNames = 50;
const otherNames = 'other';

/** Counts by name. */
export interface Tally {
  add(name: string): void;
  /** The most frequent first. */
  entries(): [string, number][];
}

export function createTally(): Tally {
  const counts = new Map<string, number>();
  return {
    add(name) {
      const known = counts.has(name) || counts.size < mostNames ? name : otherNames;
      counts.set(known, (counts.get(known) ?? 0) + 1);
    },
    entries: () => [...counts].sort((a, b) => b[1] - a[1]),
  };
}
