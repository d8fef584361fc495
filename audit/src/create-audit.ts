import { type CheckResult, type Standing, toCheckResult } from './findings/check-result.ts';
import { createFindings } from './findings/findings.ts';
import type { PromiseCheck, Round } from './findings/promise-check.ts';
import type { Check } from './findings/promises.ts';
import { promises } from './findings/promises.ts';
import { createStillness } from './idle-time.ts';
import type { LostRecords } from './kafka/positions.ts';
import type { TopicRecord } from './kafka/topic-record.ts';
import type { LookClock } from './observation-clock.ts';

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
  /** The topics have not been read to their end yet. */
  readonly reading: boolean;
  /** For how long nothing of the shop had moved at the last round, ms of looking. */
  readonly stillMs: number;
}

/** One audit out of its checks. */
export function createAudit(checks: readonly PromiseCheck[], clock: LookClock): Audit {
  const lostRecords = createFindings();
  const stillness = createStillness();
  let records = 0;
  let unread = 0;
  let last: Round = { now: Date.now(), looked: 0, quiet: false, stillMs: 0 };

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
      records += 1;
      for (const check of checks) check.take?.(record);
    },

    lose(lost) {
      const { topic, partition, reason, offsets } = lost;
      for (const check of checks) check.lose?.(lost);
      if (reason === 'deleted_unread') unread += offsets;
      else lostRecords.add({ problem: reason, topic, partition, detail: `it held ${offsets} messages` });
    },

    async round(knownQuiet = false) {
      const now = Date.now();
      const looked = clock.look(now);
      const moves = checks.reduce((sum, check) => sum + (check.moves ?? 0), records);
      last = { now, looked, quiet: knownQuiet, stillMs: stillness.note(moves, looked) };
      for (const check of checks) await check.round?.(last);
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
    get reading() {
      return checks.some((check) => check.reading ?? false);
    },
    get stillMs() {
      return last.stillMs;
    },
  };
}
