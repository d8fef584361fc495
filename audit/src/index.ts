export { type AuditOnceOptions, auditOnce } from './audit-once.ts';
export { exitCodeOf, storedPromises } from './command/exit-code.ts';
export { describeViolation, printTable } from './command/print-table.ts';
export { type Audit, createAudit } from './create-audit.ts';
export type { CheckResult, Standing } from './findings/check-result.ts';
export type { Violation } from './findings/findings.ts';
export { type Check, promises } from './findings/promises.ts';
export { type AuditPlan, openAudit } from './open-audit.ts';
export { type AuditSettings, readAuditSettings } from './settings.ts';
