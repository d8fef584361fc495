import { auditResult } from '@shop/common';
import type { AuditLine } from '../messages/picture.ts';

/** The page shows these fields; it needs no others. */
const checkResult = auditResult
  .pick({ state: true, promise: true, text: true, violations: true, service_level: true })
  .partial({ promise: true, violations: true });

const verdicts = { ok: 'kept', violated: 'broken', unchecked: 'unknown' } as const;

const mostChecks = 100;

/** The last result of each check of the audit. */
export interface AuditLines {
  note(check: string, value: unknown, timestamp: number): void;
  lines(): AuditLine[];
}

export function createAuditLines(): AuditLines {
  const checks = new Map<string, AuditLine>();

  return {
    note(check, value, timestamp) {
      const result = checkResult.safeParse(value);
      if (!result.success || (checks.size >= mostChecks && !checks.has(check))) return;
      const { state, promise = '', text, violations = 0, service_level: level } = result.data;
      const missed = level && !level.met ? level.text : null;
      checks.set(check, { check, promise, verdict: verdicts[state], text, violations, missed, at: timestamp });
    },
    lines: () => [...checks.values()].sort((a, b) => a.check.localeCompare(b.check, 'en', { numeric: true })),
  };
}
