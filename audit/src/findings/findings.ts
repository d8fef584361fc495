import type { auditViolation } from '@shop/common';
import type { z } from 'zod';

/** One case in which a promise was broken, with what is needed to look it up. */
export type Violation = z.infer<typeof auditViolation>;

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
