import type { AuditResult } from '@shop/common';
import { mostNamed, type Violation } from './findings.ts';
import { type Check, promises } from './promises.ts';

/** Result of one check: a message of `audit_results`. */
export type CheckResult = AuditResult & { check: Check; first: Violation[] };

type ServiceLevel = NonNullable<AuditResult['service_level']>;

/** What a check knows about one promise. */
export interface PromiseStatus {
  cases: number;
  /** Final violations, and those that hold only for now. */
  found: readonly { count: number; first: readonly Violation[] }[];
  figures?: Record<string, number | null>;
  serviceLevel?: ServiceLevel;
  /** Why the promise could not be checked. Violations are reported all the same. */
  unchecked?: string | undefined;
}

export function toCheckResult(check: Check, status: PromiseStatus, now: number): CheckResult {
  const { cases, found, figures = {}, serviceLevel, unchecked } = status;
  const violations = found.reduce((sum, { count }) => sum + count, 0);
  const first = found.flatMap((findings) => findings.first).slice(0, mostNamed);
  const state = violations > 0 ? 'violated' : unchecked === undefined ? 'ok' : 'unchecked';
  const text =
    state === 'violated'
      ? `${violations} of ${cases}: ${[...new Set(first.map(({ problem }) => problem))].join(', ')}`
      : state === 'unchecked'
        ? (unchecked ?? '')
        : `${cases} checked`;
  return {
    check,
    promise: promises[check],
    state,
    cases,
    violations,
    first,
    figures,
    ...(serviceLevel && { service_level: serviceLevel }),
    text,
    at: new Date(now).toISOString(),
  };
}
