import type { Check, CheckResult } from '@shop/audit';
import type { OrderRecords } from '../collect-orders.ts';
import { explain } from './explain.ts';
import { computeFigures } from './figures.ts';
import { gradeOf } from './grade.ts';
import type { InjectedFault, JudgedPromise, JudgeReport } from './report.ts';

/** The promises that a shipping service can keep or break. The others are those of the rest of the shop. */
const judged: readonly Check[] = ['P1', 'P2', 'P3', 'P4', 'P7'];

export type Conditions = Pick<
  JudgeReport,
  'command' | 'seed' | 'instances' | 'rate' | 'startedAt' | 'seconds' | 'ends' | 'logFiles'
>;

export interface Evidence {
  results: readonly CheckResult[];
  orders: OrderRecords;
  faults: readonly InjectedFault[];
}

/** Combines the audit's last word, the orders and the faults to a report. */
export function buildReport(conditions: Conditions, { results, orders, faults }: Evidence): JudgeReport {
  const promises = results
    .filter(({ check }) => judged.includes(check))
    .map(
      ({ check, promise, state, cases, violations, first, text }): JudgedPromise => ({
        check,
        promise,
        state,
        cases,
        violations,
        examples: first.map((violation) => explain(violation, orders, faults)),
        text,
      }),
    );
  const figures = computeFigures(orders, faults);
  const grade = gradeOf(promises, figures);
  return { ...conditions, grade, passed: grade === 'A' || grade === 'B', promises, faults: [...faults], figures };
}
