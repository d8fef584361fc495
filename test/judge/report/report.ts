import type { Check } from '@shop/audit';

/** A fault as it happened. Times are ms since 1970. */
export interface InjectedFault {
  name: string;
  what: string;
  from: number;
  /** When orders of every partition were shipped again; absent if the service did not recover. */
  recoveredAt?: number;
  /** Why it could not be injected as a whole. */
  error?: string;
}

/** A violation with what probably caused it. */
export interface ExplainedViolation {
  problem: string;
  sentence: string;
}

export interface JudgedPromise {
  check: Check;
  promise: string;
  /** `unchecked` fails as well. */
  state: 'ok' | 'violated' | 'unchecked';
  cases: number;
  violations: number;
  /** The first of them. */
  examples: ExplainedViolation[];
  /** The audit's words for its state. */
  text: string;
}

export interface Figures {
  /** Orders with an outcome. */
  orders: number;
  perSecond: number;
  /** From the order to its outcome, ms, of all orders. */
  p50Ms: number;
  p99Ms: number;
  /** Orders that were placed neither during a fault nor during the recovery from it, and how many of them took at most 5 s. */
  calm: number;
  calmInTime: number;
}

export type Grade = 'A' | 'B' | 'C' | 'D' | 'F';

export interface JudgeReport {
  command: string;
  seed: number;
  instances: number;
  /** Orders per second. */
  rate: number;
  startedAt: string;
  seconds: number;
  grade: Grade;
  passed: boolean;
  promises: JudgedPromise[];
  faults: InjectedFault[];
  figures: Figures;
  /** Ends of the service that the judge did not cause. */
  ends: { instance: string; at: string; how: string }[];
  logFiles: string[];
}
