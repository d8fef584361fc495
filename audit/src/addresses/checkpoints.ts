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
  /** The last known end offsets of the topic before it was recreated. An order before them may be a former one. */
  const formerEnds = new Map<number, number>();

  /** The former topic may have grown after the last known ends. So an order at or beyond the newest ends may be a former one. */
  function mayBeFormer(partition: number, offset: number): boolean {
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
      if (mayBeFormer(partition, offset)) return 0;
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

    /** The topic was recreated: its offsets start over. Shipments of former orders may still follow. */
    startOver(): void {
      // All checkpoints, because the last one may already be of the new topic.
      for (const { ends } of checkpoints)
        for (const [partition, end] of ends) formerEnds.set(partition, Math.max(end, formerEnds.get(partition) ?? 0));
      checkpoints = [];
    },

    get size(): number {
      return checkpoints.length;
    },
  };
}
