/** One case in which a promise was broken, named so that it can be looked up. */
export interface Violation {
  /** What is wrong, in one word: `lost`, `shipped_twice`, … */
  problem: string;
  detail?: string;
  order_id?: string;
  customer_id?: number;
  product?: string;
  topic?: string;
  partition?: number;
  offset?: number;
}

/** Counts violations and keeps the first few. */
export interface Findings {
  add(violation: Violation): void;
  readonly count: number;
  readonly first: readonly Violation[];
}

/** How many violations of a check are named. */
export const mostNamed = 5;

export function createFindings(): Findings {
  const first: Violation[] = [];
  let count = 0;
  return {
    add(violation) {
      count += 1;
      if (first.length < mostNamed) first.push(violation);
    },
    get count() {
      return count;
    },
    first,
  };
}
