import { mostNamed, type Violation } from './findings.ts';
import { type Check, promises } from './promises.ts';

/** What the audit found about one promise: the value of a message in `audit_results`, whose key is `check`. */
export interface CheckResult {
  check: Check;
  promise: string;
  /** `unchecked`: nothing could be said, `text` tells why. */
  state: 'ok' | 'violated' | 'unchecked';
  /** How many cases were looked at. */
  cases: number;
  /** How many were broken; only the first few are in `first`. */
  violations: number;
  first: Violation[];
  /** Times in ms, and counts; null when nothing was measured. */
  figures: Record<string, number | null>;
  /** How well the shop does beyond what it promises. Never a violation, never an exit code. */
  service_level?: ServiceLevel;
  /** One line for people. */
  text: string;
  /** ISO 8601. */
  at: string;
}

export interface ServiceLevel {
  met: boolean;
  /** One line for people. */
  text: string;
}

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
