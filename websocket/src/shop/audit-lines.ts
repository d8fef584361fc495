import type { AuditLine } from '../page-channel/protocol.ts';
import { asRecord } from './subject-of.ts';

const mostChecks = 100;

/** Words that say a promise was kept or broken. */
const kept = /^(kept|ok|pass|passed|true|holds)$/i;
const broken = /^(broken|violated|fail|failed|false)$/i;

/** What the audit found last, check by check. */
export interface AuditLines {
  note(check: string, value: unknown, timestamp: number): void;
  lines(): AuditLine[];
}

export function createAuditLines(): AuditLines {
  const checks = new Map<string, AuditLine>();

  return {
    note(check, value, timestamp) {
      if (checks.size >= mostChecks && !checks.has(check)) return;
      const body = asRecord(value);
      const word = String(body['verdict'] ?? body['state'] ?? body['status'] ?? body['ok'] ?? '');
      const verdict = kept.test(word) ? 'kept' : broken.test(word) ? 'broken' : 'unknown';
      const text = body['text'] ?? body['message'] ?? body['detail'] ?? '';
      checks.set(check, {
        check,
        verdict,
        text: typeof text === 'string' ? text : JSON.stringify(text),
        at: timestamp,
      });
    },
    lines: () => [...checks.values()].sort((a, b) => a.check.localeCompare(b.check, 'en', { numeric: true })),
  };
}
