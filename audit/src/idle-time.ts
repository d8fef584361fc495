/** Tells for how long a count has not changed, by the clock of looks. */
export function createStillness() {
  let known: number | undefined;
  let since = 0;
  return {
    /** @returns ms of looking since the count changed */
    note(count: number, looked: number): number {
      if (count !== known) since = looked;
      known = count;
      return looked - since;
    },
  };
}
