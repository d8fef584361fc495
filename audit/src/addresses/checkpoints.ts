/** Orders at or behind these end offsets were placed after the audit had read the first `rows` rows. */
interface Checkpoint {
  rows: number;
  ends: ReadonlyMap<number, number>;
}

/** Most checkpoints that are remembered. An order placed before the oldest one is checked by answers only. */
const mostCheckpoints = 4_000;

/** Relates the rows that the audit has read to offsets in the topic of orders, without comparing clocks. */
export function createCheckpoints() {
  let checkpoints: Checkpoint[] = [];
  /** End offsets of the topic before it was recreated, as far as they are known. An order before them may be a former one. */
  const formerEnds = new Map<number, number>();

  /** The last end offsets before the recreation may be too low, so an order behind the newest ones may be a former one, too. */
  function isMaybeFormer(partition: number, offset: number): boolean {
    if (formerEnds.size === 0) return false;
    const newest = checkpoints.at(-1)?.ends.get(partition) ?? 0;
    return offset < (formerEnds.get(partition) ?? 0) || offset >= newest;
  }

  return {
    add(rows: number, ends: ReadonlyMap<number, number>): void {
      if (rows === checkpoints.at(-1)?.rows) return;
      checkpoints.push({ rows, ends });
      if (checkpoints.length > mostCheckpoints) checkpoints = checkpoints.slice(-mostCheckpoints / 2);
    },

    /** @returns how many rows were read at the last checkpoint before an order; 0 without a checkpoint */
    rowsBefore(partition: number, offset: number): number {
      if (isMaybeFormer(partition, offset)) return 0;
      // End offsets only grow, so a binary search finds the checkpoint.
      let low = 0;
      let high = checkpoints.length;
      while (low < high) {
        const middle = (low + high) >> 1;
        if ((checkpoints[middle]?.ends.get(partition) ?? Number.POSITIVE_INFINITY) <= offset) low = middle + 1;
        else high = middle;
      }
      return checkpoints[low - 1]?.rows ?? 0;
    },

    /** The topic was recreated: its offsets start over. Shipments of orders of the former topic are still to come. */
    startOver(): void {
      for (const { ends } of checkpoints)
        for (const [partition, end] of ends) formerEnds.set(partition, Math.max(end, formerEnds.get(partition) ?? 0));
      checkpoints = [];
    },

    get size(): number {
      return checkpoints.length;
    },
  };
}
