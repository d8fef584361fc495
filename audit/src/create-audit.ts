import type { TopicGap, TopicRecord } from '@shop/common';
import { type CheckResult, type PromiseStatus, toCheckResult } from './findings/check-result.ts';
import { createFindings } from './findings/findings.ts';
import type { PromiseCheck, Round } from './findings/promise-check.ts';
import { type Check, promises } from './findings/promises.ts';
import { createIdleTime } from './idle-time.ts';
import type { ObservationClock } from './observation-clock.ts';

export interface Audit {
  onRecord(record: TopicRecord): void;
  /** Takes the news that records can no longer be read. No check that needs them can report `ok` any more. */
  onGap(gap: TopicGap): void;
  /**
   * Runs every check once. @throws when Kafka does not answer; the next round is not affected
   *
   * @param knownQuiet the shop is known to be at rest: an order without an outcome counts as lost
   */
  round(knownQuiet?: boolean): Promise<void>;
  /** Results so far, P1 first. */
  results(): CheckResult[];
  /** Whether a further round may still change a result. */
  undecided(): boolean;
  /** Whether the topics have not been read to their end yet. */
  readonly reading: boolean;
  /** For how long nothing in the shop had moved at the last round, ms of observed time. */
  readonly idleMs: number;
}

/** Combines checks into one audit. */
export function createAudit(checks: readonly PromiseCheck[], clock: ObservationClock): Audit {
  const lostRecords = createFindings();
  const idleTime = createIdleTime();
  let records = 0;
  let deletedUnread = 0;
  let last: Round = { now: Date.now(), observedMs: 0, quiet: false, idleMs: 0 };

  /** A recreated topic is a violation. Messages that were deleted by age only make P1 unchecked. */
  function withLosses(check: Check, status: PromiseStatus): PromiseStatus {
    if (check !== 'P1') return status;
    const found = [...status.found, lostRecords];
    return deletedUnread > 0
      ? { ...status, found, unchecked: `${deletedUnread} messages were deleted by age before they could be read` }
      : { ...status, found };
  }

  return {
    onRecord(record) {
      records += 1;
      for (const check of checks) check.onRecord?.(record);
    },

    onGap(gap) {
      const { topic, partition, reason, position, continuesAt } = gap;
      for (const check of checks) check.onGap?.(gap);
      if (reason === 'deleted_unread') deletedUnread += continuesAt - position;
      else lostRecords.add({ problem: reason, topic, partition, detail: `it held ${position} messages` });
    },

    async round(knownQuiet = false) {
      const now = Date.now();
      const observedMs = clock.observe(now);
      const moves = checks.reduce((sum, check) => sum + (check.moves ?? 0), records);
      last = { now, observedMs, quiet: knownQuiet, idleMs: idleTime.note(moves, observedMs) };
      for (const check of checks) await check.round?.(last);
    },

    results() {
      const statuses = Object.assign({}, ...checks.map((check) => check.statuses(last))) as Partial<
        Record<Check, PromiseStatus>
      >;
      return (Object.keys(promises) as Check[]).map((check) => {
        const status = statuses[check] ?? { cases: 0, found: [], unchecked: 'not part of this audit' };
        return toCheckResult(check, withLosses(check, status), Date.now());
      });
    },

    undecided: () => checks.some((check) => check.undecided?.(last) ?? false),
    get reading() {
      return checks.some((check) => check.reading ?? false);
    },
    get idleMs() {
      return last.idleMs;
    },
  };
}
