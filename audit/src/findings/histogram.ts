/** Times in ms, sorted into buckets of 2 % width: a thousand numbers for any count of times. */
export interface Histogram {
  add(ms: number): void;
  /** The time that this part (0 to 1) of the times does not exceed, to 2 %; null when there is none. */
  quantile(part: number): number | null;
  readonly max: number | null;
  readonly count: number;
}

const width = Math.log(1.02);

export function createHistogram(): Histogram {
  const buckets: number[] = [];
  let count = 0;
  let max: number | null = null;
  return {
    add(ms) {
      const bucket = Math.ceil(Math.log1p(Math.max(0, ms)) / width);
      while (buckets.length <= bucket) buckets.push(0);
      buckets[bucket] = (buckets[bucket] ?? 0) + 1;
      count += 1;
      max = Math.max(max ?? 0, ms);
    },
    quantile(part) {
      if (max === null) return null;
      let left = Math.max(1, Math.ceil(part * count));
      for (const [bucket, inside] of buckets.entries()) {
        left -= inside;
        if (left <= 0) return Math.min(max, Math.round(Math.expm1(bucket * width)));
      }
      return max;
    },
    get max() {
      return max;
    },
    get count() {
      return count;
    },
  };
}
