import type { auditViolation, RecordPosition } from '@shop/common';
import type { z } from 'zod';

/** One case in which a promise is broken, with the ids and the position to find it by. */
export type Violation = z.infer<typeof auditViolation>;

/** Counts violations and keeps the first few. */
export interface Findings {
  add(violation: Violation): void;
  readonly count: number;
  readonly first: readonly Violation[];
}

/** Most violations of one check that are reported in full. */
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

/** A violation that concerns the record at a position. */
export function violationAt(
  problem: string,
  { topic, partition, offset }: RecordPosition,
  orderId: string | undefined,
  detail?: string,
): Violation {
  return {
    problem,
    ...(orderId !== undefined && { order_id: orderId }),
    topic,
    partition,
    offset,
    ...(detail !== undefined && { detail }),
  };
}
