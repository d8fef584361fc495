import type { Figures, Grade, JudgedPromise } from './report.ts';

/** Share of the orders outside of faults that must be fast for the best grade. */
const fastShare = 0.99;

/**
 * Grades a run. `gradeMeanings` says what the grades mean. A promise that could not be checked counts as broken.
 */
export function gradeOf(promises: readonly JudgedPromise[], { orders, calm, calmInTime }: Figures): Grade {
  const failed = promises.filter(({ state }) => state !== 'ok').length;
  if (orders === 0 || failed === promises.length) return 'F';
  if (failed > 0) return failed === 1 ? 'C' : 'D';
  return calmInTime >= fastShare * calm ? 'A' : 'B';
}

export const gradeMeanings: Readonly<Record<Grade, string>> = {
  A: 'every promise is kept, and 99 % of the orders placed outside of faults had an outcome within 5 s',
  B: 'every promise is kept',
  C: 'one promise is broken',
  D: 'several promises are broken',
  F: 'every promise is broken, or nothing was shipped',
};
