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

  return {
    add(rows: number, ends: ReadonlyMap<number, number>): void {
      if (rows === checkpoints.at(-1)?.rows) return;
      checkpoints.push({ rows, ends });
      if (checkpoints.length > mostCheckpoints) checkpoints = checkpoints.slice(-mostCheckpoints / 2);
    },

    /** @returns how many rows were read at the last checkpoint before an order; 0 without a checkpoint */
    rowsBefore(partition: number, offset: number): number {
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

    clear(): void {
      checkpoints = [];
    },

    get size(): number {
      return checkpoints.length;
    },
  };
}
