import { createIdSet } from '@shop/common';

/** Ids to compare in one round. */
export interface IdRange {
  ids: readonly number[];
  /** All ids up to this one are in it or were compared before; Infinity: the sweep ends with it. */
  last: number;
}

/**
 * Walks over the ids of Postgres and all other known ids in ascending order, one range in each round. A range has at most `mostIds`
 * of either, also when a million customers have left between two ids of Postgres.
 *
 * @param knownIds ids that Postgres may no longer have or never had. Read when a sweep begins.
 */
export function createIdSweep(knownIds: () => Iterable<number>, mostIds: number) {
  let known = new Float64Array();
  let nextKnown = 0;
  let after = 0;

  const knownAt = (index: number): number => known[index] ?? Number.POSITIVE_INFINITY;

  return {
    /** The next range begins behind this id. */
    get after(): number {
      return after;
    },

    /** @param page ids above `after` that Postgres has, ascending; fewer than `mostIds` when there are no others */
    choose(page: readonly number[]): IdRange {
      if (after === 0) {
        const all = createIdSet();
        for (const id of knownIds()) all.add(id);
        known = Float64Array.from(all.ascending());
        nextKnown = 0;
      }
      const lastOfPage = page.length < mostIds ? Number.POSITIVE_INFINITY : (page.at(-1) ?? 0);
      let end = nextKnown;
      while (end < known.length && end - nextKnown < mostIds && knownAt(end) <= lastOfPage) end += 1;
      const isCut = end < known.length && knownAt(end) <= lastOfPage;
      const last = isCut ? knownAt(end - 1) : lastOfPage;
      const ids = new Set([...page.filter((id) => id <= last), ...known.subarray(nextKnown, end)]);
      return { ids: [...ids], last };
    },

    /** Notes that a range was compared. @returns whether the sweep has ended */
    finish({ last }: IdRange): boolean {
      const isEnd = last === Number.POSITIVE_INFINITY;
      after = isEnd ? 0 : last;
      while (nextKnown < known.length && knownAt(nextKnown) <= last) nextKnown += 1;
      return isEnd;
    },
  };
}
