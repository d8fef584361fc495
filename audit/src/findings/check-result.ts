import type { AuditResult } from '@shop/common';
import { mostNamed, type Violation } from './findings.ts';
import { type Check, promises } from './promises.ts';

/** What the audit found about one promise: a message of `audit_results`. */
export type CheckResult = AuditResult & { check: Check; first: Violation[] };

export type ServiceLevel = NonNullable<AuditResult['service_level']>;

/** What one check has found so far. */
export interface Standing {
  cases: number;
  /** Several, when some are final and others only true for now. */
  found: readonly { count: number; first: readonly Violation[] }[];
  figures?: Record<string, number | null>;
  serviceLevel?: ServiceLevel;
  /** Why nothing can be said; a violation is said all the same. */
  unchecked?: string | undefined;
}

export function toCheckResult(check: Check, standing: Standing, now: number): CheckResult {
  const { cases, found, figures = {}, serviceLevel, unchecked } = standing;
  const violations = found.reduce((sum, { count }) => sum + count, 0);
  const first = found.flatMap((each) => each.first).slice(0, mostNamed);
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
