import type { PromiseCheck, Round } from './checks/promise-check.ts';
import { type CheckResult, type Standing, toCheckResult } from './findings/check-result.ts';
import { createFindings } from './findings/findings.ts';
import type { Check } from './findings/promises.ts';
import { promises } from './findings/promises.ts';
import type { LostRecords } from './kafka/positions.ts';
import type { TopicRecord } from './kafka/topic-record.ts';

export interface Audit {
  take(record: TopicRecord): void;
  /** Records that cannot be read any more: nothing that depends on them can be vouched for. */
  lose(lost: LostRecords): void;
  /**
   * Looks at everything once. @throws when Kafka does not answer; the next round is none the worse
   *
   * @param knownQuiet the shop is known to be at rest: whatever is open now counts as lost
   */
  round(knownQuiet?: boolean): Promise<void>;
  /** What was found so far, P1 first. */
  results(): CheckResult[];
  /** A further round may change what was found. */
  undecided(): boolean;
}

export interface AuditTimes {
  /** ms since 1970 */
  lastRecordAt(): number;
  /** When nothing has come for so long, the shop is taken to be at rest. */
  quietMs: number;
}

/** One audit out of its checks. */
export function createAudit(checks: readonly PromiseCheck[], { lastRecordAt, quietMs }: AuditTimes): Audit {
  const lostRecords = createFindings();
  let unread = 0;
  let last: Round = { now: Date.now(), quiet: false };

  /** A topic that was made anew is a loss of the shop's; one whose messages were too old only keeps us from judging. */
  function withLosses(check: Check, standing: Standing): Standing {
    if (check !== 'P1') return standing;
    const found = [...standing.found, lostRecords];
    return unread > 0
      ? { ...standing, found, unchecked: `${unread} messages were deleted by age before they could be read` }
      : { ...standing, found };
  }

  return {
    take(record) {
      for (const check of checks) check.take?.(record);
    },

    lose(lost) {
      const { topic, partition, reason, offsets } = lost;
      for (const check of checks) check.lose?.(lost);
      if (reason === 'deleted_unread') unread += offsets;
      else lostRecords.add({ problem: reason, topic, partition, detail: `it held ${offsets} messages` });
    },

    async round(knownQuiet = false) {
      const quiet = knownQuiet || Date.now() - lastRecordAt() >= quietMs;
      for (const check of checks) {
        last = { now: Date.now(), quiet };
        await check.round?.(last);
      }
    },

    results() {
      const standings = Object.assign({}, ...checks.map((check) => check.standings(last))) as Partial<
        Record<Check, Standing>
      >;
      return (Object.keys(promises) as Check[]).map((check) => {
        const standing = standings[check] ?? { cases: 0, found: [], unchecked: 'not part of this audit' };
        return toCheckResult(check, withLosses(check, standing), Date.now());
      });
    },

    undecided: () => checks.some((check) => check.undecided?.(last) ?? false),
  };
}
